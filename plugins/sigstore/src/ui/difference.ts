/** A text cut where it differs from another. */
export type Cut = { before: string; different: string; after: string };

/**
 * Cuts two texts at what differs, so that it can be marked. Texts with little
 * in common are not cut: marking everything marks nothing.
 *
 * @returns one cut for each text, or undefined when there is nothing to mark
 */
export function cutAtDifference(a: string, b: string): [Cut, Cut] | undefined {
  if (a === b) return undefined;
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (
    end < shorter - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end++;
  }
  if (start + end < Math.max(a.length, b.length) / 2) return undefined;
  const cut = (text: string): Cut => ({
    before: text.slice(0, start),
    different: text.slice(start, text.length - end),
    after: text.slice(text.length - end),
  });
  return [cut(a), cut(b)];
}
