/** How much all patterns of a set may come to, with repetitions written out. */
const MOST_IN_ALL = 500_000;

/** Counts what patterns come to, before they are compiled. */
export class PatternBudget {
  #left = MOST_IN_ALL;

  /** Whether nothing is left for another pattern. */
  get isUsedUp(): boolean {
    return this.#left < 0;
  }

  /** Takes a pattern's size off; whether it was still there. */
  allows(pattern: string): boolean {
    this.#left -= expandedSize(pattern);
    return this.#left >= 0;
  }
}

const TOKEN = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|[()]|[^]/gsu;

/**
 * About how large a pattern is once each repetition is written out, as
 * compiling does. Never less than its parts.
 */
export function expandedSize(pattern: string): number {
  const outer: number[] = [];
  let sum = 0;
  let last = 0;
  for (const [token, from, to] of pattern.matchAll(TOKEN)) {
    if (from !== undefined) {
      const times = Math.max(Number(from), Number(to || 0), 1);
      sum += last * (times - 1);
      last *= times;
    } else if (token === '(') {
      outer.push(sum);
      sum = 0;
      last = 0;
    } else if (token === ')') {
      last = sum + 1;
      sum = (outer.pop() ?? 0) + last;
    } else if ('*+?'.includes(token)) {
      sum += 1;
      last += 1;
    } else {
      last = token.length;
      sum += last;
    }
  }
  return outer.reduce((all, one) => all + one, sum);
}
