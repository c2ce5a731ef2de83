import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { CheckRecord } from '../CheckRecord';
import { ENGINE_REVISION } from '../engineRevision';
import { Evidence } from '../evidence';
import { VerificationProfile } from '../trustedRoot';

const CUT_SHORT = 'its verification took more time or memory than one may take';

/**
 * Whether a verification was not let to its end. That depends on the machine
 * and its load, so it is no fact about the evidence: it must not be kept as one.
 *
 * @public
 */
export function wasCutShort({ findings }: Verification): boolean {
  return findings.some(({ detail }) => detail === CUT_SHORT);
}

/** What is known of evidence whose verification was not let to its end. */
export function overCap(
  evidence: Evidence,
  artifactDigest: string,
  profile: VerificationProfile,
): Verification {
  const record = new CheckRecord(new Set());
  record.fail('limits', {
    code: 'evidence-over-cap',
    detail: CUT_SHORT,
  });
  return {
    evidenceDigest: evidence.digest,
    artifactDigest,
    trustedRoot: profile.name,
    profileDigest: profile.digest,
    engineRevision: ENGINE_REVISION,
    checks: record.checks(),
    findings: record.findings(),
  };
}
