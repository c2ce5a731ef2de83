const FIRST_MS = 2_000;
const LONGEST_MS = 30_000;

/**
 * How long to wait before asking again: short at first, since most checks take
 * seconds, then longer and longer.
 *
 * @param attempt - how many times it was asked already
 */
export function gentlePause(attempt: number): number {
  return Math.min(FIRST_MS * 1.5 ** attempt, LONGEST_MS);
}
