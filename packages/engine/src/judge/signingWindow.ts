/** A span of verified time: from its first moment until before its last. */
export type SigningWindow = {
  signedAfter?: string;
  signedBefore?: string;
};

/** When evidence was made, as others attested. */
export type AttestedTimes = { times: readonly { time: string }[] };

/**
 * Tells whether evidence was made inside a window: every time anybody attested
 * lies in it. Evidence without an attested time is inside no window.
 */
export function isInside(
  { times }: AttestedTimes,
  { signedAfter, signedBefore }: SigningWindow,
): boolean {
  if (signedAfter === undefined && signedBefore === undefined) return true;
  return (
    times.length > 0 &&
    times.every(({ time }) => {
      const at = Date.parse(time);
      return (
        (signedAfter === undefined || at >= Date.parse(signedAfter)) &&
        (signedBefore === undefined || at < Date.parse(signedBefore))
      );
    })
  );
}

/**
 * Tells whether evidence may have been made inside a window: any attested time
 * lies in it, or there is none.
 */
export function mayBeInside(
  { times }: AttestedTimes,
  { signedAfter, signedBefore }: SigningWindow,
): boolean {
  if (times.length === 0) return true;
  return times.some(({ time }) => {
    const at = Date.parse(time);
    return !(
      (signedAfter !== undefined && at < Date.parse(signedAfter)) ||
      (signedBefore !== undefined && at >= Date.parse(signedBefore))
    );
  });
}

/** A window in words. */
export function windowWords({
  signedAfter,
  signedBefore,
}: SigningWindow): string {
  return [
    ...(signedAfter === undefined ? [] : [`not before ${signedAfter}`]),
    ...(signedBefore === undefined ? [] : [`before ${signedBefore}`]),
  ].join(' and ');
}
