/**
 * One thing that is wrong with a policy file.
 *
 * @public
 */
export type PolicyMistake = {
  /** File and line. */
  place: string;
  /** As `spec.authorities[0].name`; empty for the whole document. */
  field: string;
  /** What is wrong and what to do. */
  problem: string;
};

const MOST_SHOWN = 20;

/**
 * Policies that cannot be used; the message names file, line, field and remedy
 * of every mistake.
 *
 * @public
 */
export class TrustPolicyError extends Error {
  readonly mistakes: PolicyMistake[];

  constructor(mistakes: PolicyMistake[]) {
    super(wordsOf(mistakes));
    this.name = 'TrustPolicyError';
    this.mistakes = mistakes;
  }
}

function wordsOf(mistakes: PolicyMistake[]): string {
  const lines = mistakes.map(({ place, field, problem }) =>
    [place, field, problem].filter(part => part !== '').join(': '),
  );
  if (lines.length === 1) return lines[0];
  const left = lines.length - MOST_SHOWN;
  return [
    `${lines.length} mistakes in trust policies; none of the policies is used:`,
    ...lines.slice(0, MOST_SHOWN),
    ...(left > 0 ? [`and ${left} more`] : []),
  ].join('\n');
}
