import { Case, Decision, conclude } from './conclusion';
import { worstOf } from './outcome';
import { modeOf } from './rules';
import { leftOpen, settle, settleWithoutRule } from './settle';
import { Outcome } from './shortfall';
import { unansweredFindings } from './unanswered';

/**
 * Decides what the evidence at hand, and what could not be asked, come to
 * under the rules: all of them must be satisfied, and the worst speaks.
 */
export function decide(context: Case): Decision {
  const { lookups, findings, evidence, rules, undecided } = context;
  const unanswered = unansweredFindings(lookups, findings, evidence);
  if (rules.length === 0) {
    const without = settleWithoutRule(context, unanswered);
    return conclude(context, leftOpen(without, undecided), {});
  }
  const results = rules.map(rule => ({
    rule,
    outcome: settle(rule, context, unanswered),
  }));
  const unsatisfied = results.filter(
    ({ outcome }) => outcome.status !== 'expected-signer',
  );
  const outcome = leftOpen(
    combined(results.map(result => result.outcome)),
    undecided,
  );
  const failing = unsatisfied.length > 0 ? unsatisfied : results;
  const isDistrusted = outcome.findings.some(
    ({ code }) => code === 'signer-distrusted',
  );
  return conclude(
    context,
    outcome,
    // Withdrawn trust is nobody's mere advice.
    isDistrusted
      ? { mode: 'enforce' }
      : modeOf(failing.map(({ rule }) => rule)),
  );
}

/** The worst with what others say of the same; what is less bad beneath. */
function combined(outcomes: Outcome[]): Outcome {
  if (outcomes.length === 1) return outcomes[0];
  const worst = worstOf(outcomes);
  const same = outcomes.filter(({ status }) => status === worst.status);
  const others = outcomes.filter(({ status }) => status !== worst.status);
  const times = outcomes.flatMap(({ judgeAgainAt }) => judgeAgainAt ?? []);
  return {
    ...worst,
    findings: same.flatMap(({ findings }) => findings),
    notices: [
      ...same.flatMap(({ notices = [] }) => notices),
      ...others.flatMap(({ findings, notices = [] }) => [
        ...findings,
        ...notices,
      ]),
    ],
    judgeAgainAt: times.length > 0 ? Math.min(...times) : undefined,
  };
}
