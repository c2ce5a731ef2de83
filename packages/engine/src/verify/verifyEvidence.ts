import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { VerifyOptions } from './artifact';
import { Evidence } from './evidence';
import { runVerification } from './runVerification';
import { VerificationProfile } from './trustedRoot';

/**
 * Verifies one piece of evidence for one artifact under one trusted root:
 * cryptography only, no policy, no network, no clock. Never throws; whatever
 * goes wrong is a finding. Facts are there only when every check held.
 *
 * @param artifactDigest - `sha256:…`, what the evidence should be about
 * @public
 */
export function verifyEvidence(
  evidence: Evidence,
  artifactDigest: string,
  profile: VerificationProfile,
  options: VerifyOptions = {},
): Verification {
  const { otherDigests, bytes } = options;
  return withoutStackTraces(() =>
    runVerification(evidence, artifactDigest, profile, { otherDigests, bytes }),
  );
}

/**
 * Node tries whether a key is one by throwing an error to itself; writing down
 * where from takes longer than reading the key. Nothing that is thrown in here
 * leaves, so nobody misses it.
 */
function withoutStackTraces<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  // Where it must not be set, errors tell where they come from.
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return work();
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }
}
