import {
  ArtifactStatus,
  Finding,
  compareStatuses,
  statusOfFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Case } from './conclusion';
import { otherArtifact } from './evidenceAtHand';
import { exempted } from './exception';
import { aged } from './freshness';
import { hintsMissing, hintsNotGiven } from './hints';
import { lost } from './lost';
import {
  applyRule,
  concerns,
  distrusted,
  rootsOf,
  withoutRule,
  worstOf,
} from './outcome';
import { Rule } from './rule';
import { Outcome } from './shortfall';
import { distinct } from './unanswered';

/**
 * Brings one rule to a status: what the evidence comes to, what is not known,
 * what was there before, and what time changes.
 *
 * @param unanswered - what could not be asked
 */
export function settle(
  rule: Rule,
  context: Case,
  unanswered: Finding[],
): Outcome {
  const { history, lookups, now } = context;
  const found = applyRule(rule, context.evidence);
  const outcome =
    found.status === 'expected-signer'
      ? found
      : exempted(openOr(found, rule, context, unanswered), rule, history, now);
  return aged(outcome, rule, { history, lookups }, now);
}

/** Brings an artifact that no rule covers to a status. */
export function settleWithoutRule(
  context: Case,
  unanswered: Finding[],
): Outcome {
  const outcome = withoutRule(context.evidence, context.uncovered);
  return outcome.status === 'no-policy'
    ? outcome
    : openOr(outcome, undefined, context, unanswered);
}

/**
 * Takes back what would be better than not knowing while it is not known
 * whether other policies cover the artifact. What is worse holds under them
 * all.
 */
export function leftOpen(outcome: Outcome, undecided: Finding[]): Outcome {
  const { status = 'no-signature', findings, notices = [] } = outcome;
  if (
    undecided.length === 0 ||
    compareStatuses(status, 'could-not-check') < 0
  ) {
    return outcome;
  }
  return status === 'could-not-check'
    ? { ...outcome, findings: [...findings, ...undecided] }
    : {
        ...outcome,
        status: 'could-not-check',
        findings: undecided,
        notices: [...findings, ...notices],
      };
}

/**
 * Nothing suffices: what is not known comes before what was found. Not so where
 * trust is withdrawn from what was found: that is known, and whoever has a
 * stolen identity may be able to keep a source from answering, too.
 */
function openOr(
  outcome: Outcome,
  rule: Rule | undefined,
  context: Case,
  required: Finding[],
): Outcome {
  const unanswered = [
    ...required,
    ...hintsMissing(outcome, rule, context.lookups),
  ];
  const onlyUnread =
    (outcome.status ?? 'unsupported-format') === 'unsupported-format' &&
    unanswered.every(({ code }) => code === 'format-unsupported');
  const open = (status: ArtifactStatus, findings: Finding[]): Outcome => {
    const withdrawn = distrusted(context.evidence);
    return withdrawn
      ? { ...withdrawn, notices: [...findings, ...outcome.findings] }
      : { status, findings, notices: outcome.findings };
  };
  if (unanswered.length > 0 && !onlyUnread) {
    return open('could-not-check', unanswered);
  }
  const roots = rule && rootsOf(rule);
  const outdated = context.evidence.outdated.filter(verification =>
    concerns(roots, verification),
  );
  if (outdated.length > 0) {
    return open(
      'stale',
      distinct(outdated.flatMap(verification => verification.findings)),
    );
  }
  const found = outcome.status ? outcome : nothingFound(context, unanswered);
  // What a silent log may have is not lost.
  const silent = [...unanswered, ...hintsNotGiven(context.lookups)];
  if (silent.length > 0) return found;
  const { evidence, gone, history } = context;
  const before = lost(found, rule, evidence, gone, history);
  if (!before) return found;
  const worst = worstOf([found, before]);
  const other = worst === found ? before : found;
  return { ...worst, notices: other.findings };
}

function nothingFound(
  { evidence, findings }: Case,
  unanswered: Finding[],
): Outcome {
  const formats = findings.filter(({ code }) => code === 'format-unsupported');
  const others = evidence.aboutOthers.flatMap(otherArtifact);
  const deciding = [formats, unanswered, others].find(
    ({ length }) => length > 0,
  );
  const none: Finding[] = distinct(deciding ?? [{ code: 'no-signature' }]);
  return { status: statusOfFinding(none[0].code), findings: none };
}
