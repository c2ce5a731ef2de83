const known = [
  {
    pattern: /\bENOSPC\b|no space left on device/i,
    reason: 'the disk is full. Free some space and run the same command again.',
  },
  {
    pattern: /\bEACCES\b.*(npm|yarn|node_modules|\.tools)/,
    reason:
      'a folder is not writable. Look for files of another user in this repository.',
  },
  {
    pattern: /YN0028/,
    reason:
      'a package.json changed and yarn.lock did not. Run `npm run yarn install` and commit yarn.lock.',
  },
  {
    pattern:
      /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)\b|RequestError|HTTPError|\bE(403|404|5\d\d)\b|Response Code: [45]\d\d|network (timeout|request)/,
    reason:
      'a download failed. Check the network and `npm config get registry`, then run the same command again: what was downloaded is kept.',
  },
];

/**
 * The reason for a failure in one sentence, found in the output or the error
 * of the program that failed; nothing when it is not one of the usual ones.
 */
export function explain(output, error) {
  const text = `${error?.code ?? ''} ${error?.message ?? ''}\n${output}`;
  return known.find(({ pattern }) => pattern.test(text))?.reason;
}
