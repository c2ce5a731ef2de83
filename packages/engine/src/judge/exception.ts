import {
  ArtifactStatus,
  Finding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeHistory } from './history';
import { Rule } from './rule';
import { Outcome } from './shortfall';

const DAY = 24 * 60 * 60_000;

/** What somebody may accept until a day. Everything else stays as it is. */
const COVERED: readonly ArtifactStatus[] = [
  'no-signature',
  'evidence-incomplete',
  'unsupported-format',
  'unknown-authority',
  'outside-validity',
];

/**
 * Applies the exception of a rule that is not satisfied. It never covers an
 * artifact that was signed before, or one of whose line was as expected:
 * whoever takes a signature away must not find the door open, and a stranger
 * who adds one to an old artifact must not close it.
 *
 * @param now - in milliseconds
 */
export function exempted(
  outcome: Outcome,
  { policy, exception }: Pick<Rule, 'policy' | 'exception'>,
  history: JudgeHistory,
  now: number,
): Outcome {
  if (
    exception === undefined ||
    outcome.status === undefined ||
    !COVERED.includes(outcome.status) ||
    wasSigned(history)
  ) {
    return outcome;
  }
  const { until, owner, reason } = exception;
  const end = Date.parse(`${until}T00:00:00.000Z`) + DAY;
  if (!(now < end)) return outcome;
  const finding: Finding = {
    code: 'exception-in-force',
    detail: `until ${until}, ${owner}: ${reason}`,
    exception: { policy, until, owner, reason },
  };
  return {
    ...outcome,
    status: 'exempt',
    findings: [finding],
    notices: outcome.findings,
    judgeAgainAt: end,
  };
}

function wasSigned({ predecessor, gone, formerlySound }: JudgeHistory) {
  return (
    predecessor?.wasExpected === true ||
    formerlySound.length > 0 ||
    gone.some(({ facts, findings }) => facts && findings.length === 0)
  );
}
