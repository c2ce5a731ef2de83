import {
  Finding,
  Lookup,
  compareStatuses,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeHistory } from './history';
import { Rule } from './rule';
import { Outcome } from './shortfall';
import { givesHints, isAnswered } from './unanswered';

/**
 * Takes back what is older than a rule allows. What is worse than not knowing
 * stays: it was found, and nobody has seen it mended.
 *
 * @param now - in milliseconds
 */
export function aged(
  outcome: Outcome,
  { policy, maxAge }: Rule,
  answered: { history: JudgeHistory; lookups: readonly Lookup[] },
  now: number,
): Outcome {
  const { status = 'no-signature' } = outcome;
  if (maxAge === undefined || compareStatuses(status, 'stale') <= 0) {
    return outcome;
  }
  const at = answeredAt(answered);
  const over = at === undefined ? undefined : Date.parse(at) + maxAge.ms;
  if (over !== undefined && now < over) {
    const { judgeAgainAt = over } = outcome;
    return { ...outcome, judgeAgainAt: Math.min(judgeAgainAt, over) };
  }
  const finding: Finding = {
    code: 'result-too-old',
    detail: `the rule "${policy}" wants to know again after ${maxAge.written}`,
    comparisons: [
      {
        aspect: 'every source answered',
        found: at ?? 'never',
        expected: `within ${maxAge.written}`,
      },
    ],
  };
  return {
    ...outcome,
    status: 'stale',
    findings: [finding],
    notices: [...outcome.findings, ...(outcome.notices ?? [])],
  };
}

/**
 * When every source answered last. Where no history tells, the latest lookups
 * do; of a source that never answered, nothing does.
 */
function answeredAt({
  history,
  lookups,
}: {
  history: JudgeHistory;
  lookups: readonly Lookup[];
}): string | undefined {
  if (history.answeredAt !== undefined) return history.answeredAt;
  let oldest: string | undefined;
  for (const lookup of lookups.filter(one => !givesHints(one))) {
    const at = isAnswered(lookup) ? lookup.askedAt : lookup.lastGoodAt;
    if (at === undefined) return undefined;
    if (oldest === undefined || Date.parse(at) < Date.parse(oldest)) {
      oldest = at;
    }
  }
  return oldest;
}
