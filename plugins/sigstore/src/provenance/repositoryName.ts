/** `acme/checkout` of `https://github.com/acme/checkout`; else as it is. */
export function repositoryName(uri: string): string {
  return /^https:\/\/github\.com\/([^/]+\/[^/]+)$/.exec(uri)?.[1] ?? uri;
}
