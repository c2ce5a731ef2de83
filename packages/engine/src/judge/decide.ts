import {
  Finding,
  compareStatuses,
  statusOfFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Case, Decision, conclude } from './conclusion';
import { otherArtifact } from './evidenceAtHand';
import type { Verdict } from './judge';
import { Outcome, applyRule, withoutRule } from './outcome';
import { modeOf } from './rules';
import { distinct, unansweredFindings } from './unanswered';

/**
 * Decides what the evidence at hand, and what could not be asked, come to
 * under the rules.
 */
export function decide(context: Case): Decision {
  const { lookups, findings, evidence, rules, uncovered } = context;
  const results = rules.map(rule => ({ rule, ...applyRule(rule, evidence) }));
  const unsatisfied = results.filter(
    ({ status }) => status !== 'expected-signer',
  );
  const unanswered = unansweredFindings(lookups, findings, evidence);

  if (rules.length === 0) {
    const outcome = withoutRule(evidence, uncovered);
    return outcome.status === 'no-policy'
      ? conclude(context, outcome, outcome.findings, {})
      : openOr(context, unanswered, outcome, {});
  }
  if (unsatisfied.length === 0) {
    return conclude(context, results[0], [], modeOf(rules));
  }
  const mode = modeOf(unsatisfied.map(({ rule }) => rule));
  return openOr(context, unanswered, worstOf(unsatisfied), mode);
}

/** Nothing suffices: what is not known comes before what was found. */
function openOr(
  context: Case,
  unanswered: Finding[],
  outcome: Outcome,
  mode: Pick<Verdict, 'mode'>,
): Decision {
  const { evidence, findings } = context;
  const onlyUnread =
    (outcome.status ?? 'unsupported-format') === 'unsupported-format' &&
    unanswered.every(({ code }) => code === 'format-unsupported');
  if (unanswered.length > 0 && !onlyUnread) {
    const open: Outcome = { status: 'could-not-check', findings: unanswered };
    return conclude(context, open, unanswered, mode);
  }
  if (outcome.status !== undefined) {
    return conclude(context, outcome, outcome.findings, mode);
  }
  const formats = findings.filter(({ code }) => code === 'format-unsupported');
  const others = evidence.aboutOthers.flatMap(otherArtifact);
  const deciding = [formats, unanswered, others].find(
    ({ length }) => length > 0,
  );
  const none: Finding[] = distinct(deciding ?? [{ code: 'no-signature' }]);
  const status = statusOfFinding(none[0].code);
  return conclude(context, { status, findings: none }, none, mode);
}

/** Of several rules that are not satisfied, the worst speaks. */
function worstOf(outcomes: Outcome[]): Outcome {
  const rank = ({ status = 'no-signature' }: Outcome) => status;
  const [worst] = [...outcomes].sort((a, b) =>
    compareStatuses(rank(a), rank(b)),
  );
  const same = outcomes.filter(({ status }) => status === worst.status);
  return { ...worst, findings: same.flatMap(({ findings }) => findings) };
}
