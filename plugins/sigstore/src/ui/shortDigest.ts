const DIGEST = /^((?:[a-z0-9]+:)?)([0-9a-f]{40,})$/;

/** `sha256:9c41…d07e` for a digest or a commit; any other text as it is. */
export function shortDigest(text: string): string {
  const match = DIGEST.exec(text);
  if (!match) return text;
  const [, algorithm, hex] = match;
  return `${algorithm}${hex.slice(0, 8)}…${hex.slice(-4)}`;
}

/** A text in which every digest is shortened. */
export function shortDigests(text: string): string {
  return text.replace(/sha256:[0-9a-f]{64}/g, shortDigest);
}
