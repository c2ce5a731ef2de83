/**
 * What a way of checking came to. `not-checked` is no answer about the evidence:
 * the call or the configuration was refused, or a status that is none was found.
 *
 * @typedef {object} Result
 * @property {'verified' | 'rejected' | 'not-checked'} outcome
 * @property {string} reason code of the finding that decided, or the status
 * @property {string} detail in words
 */

const words = {
  verified: 'verified',
  rejected: 'rejected',
  'not-checked': 'not checked',
};

/**
 * Compares what was expected of a case with what each way came to. What others
 * expect to be rejected may be so by not being read; an attack must fail by
 * being looked at, unless it is one that leaves nothing to look at.
 *
 * @param {import('./readCases.mjs').SignedCase & { attack?: boolean, mayBeUnchecked?: boolean }} one
 * @param {(Result & { way: string })[]} found
 */
export function rowOf({ id, expect, attack, mayBeUnchecked }, found) {
  const wanted = expect === 'verify' ? 'verified' : 'rejected';
  const accepted = [
    wanted,
    ...(wanted === 'rejected' && (!attack || mayBeUnchecked)
      ? ['not-checked']
      : []),
  ];
  const wrong = found
    .filter(({ outcome }) => !accepted.includes(outcome))
    .map(
      ({ way, outcome, detail }) =>
        `✗ ${id}, through ${way}: expected to ${
          wanted === 'verified' ? 'verify' : 'be rejected'
        }, ${words[outcome] ?? outcome} (${detail})`,
    );
  return { found, wrong, agrees: wrong.length === 0 };
}

/** For each way, how often each outcome was found, and for which reasons. */
export function tallyOf(rows) {
  const byWay = Map.groupBy(
    rows.flatMap(({ found }) => found),
    ({ way }) => way,
  );
  return [...byWay].map(([way, results]) => {
    const parts = Object.keys(words).flatMap(outcome => {
      const some = results.filter(one => one.outcome === outcome);
      const count = `${some.length} ${words[outcome]}`;
      if (some.length === 0) return [];
      return outcome === 'verified' ? [count] : [`${count} (${reasons(some)})`];
    });
    return `through ${way}: ${parts.join('; ')}`;
  });
}

function reasons(results) {
  return [...Map.groupBy(results, ({ reason }) => reason)]
    .sort(([, some], [, others]) => others.length - some.length)
    .map(([reason, some]) => `${reason} ${some.length}`)
    .join(', ');
}
