import { ParsedReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { operand, quote } from './shell';

/** What a command is about: an image by its digest, or a file. */
export type Target =
  | { type: 'image'; name: string }
  | {
      type: 'file';
      path: string;
      bundle: string;
      /** What fetches both, ready to be put before a command. */
      fetch: string;
    };

/**
 * How to name an artifact on a command line. An image is named by the digest
 * that was checked; its tag may lead elsewhere by now.
 */
export function targetOf(reference: ParsedReference, digest: string): Target {
  if (reference.type === 'oci') {
    return {
      type: 'image',
      name: `${reference.host}/${reference.repository}@${digest}`,
    };
  }
  if (reference.type === 'file') {
    const path = operand(reference.path);
    return { type: 'file', path, bundle: `${path}.sigstore.json`, fetch: '' };
  }
  const address =
    reference.type === 's3'
      ? `s3://${reference.bucket}/${reference.key}`
      : reference.url;
  const path = operand(address.slice(address.lastIndexOf('/') + 1));
  return {
    type: 'file',
    path,
    bundle: `${path}.sigstore.json`,
    fetch: [address, `${address}.sigstore.json`]
      .map(one =>
        reference.type === 's3'
          ? `aws s3 cp ${quote(one)} . && `
          : `curl -fsSLO ${quote(one)} && `,
      )
      .join(''),
  };
}
