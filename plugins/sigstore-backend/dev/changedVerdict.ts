import {
  Answers,
  ArtifactStatus,
  FindingCode,
  statusOfFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Verdict } from '@cloudythings/sigstore-engine';
import { StoredVerdict } from '../src/store/verdicts';

/**
 * A stored verdict as it would read had another finding decided: status,
 * answers and signer go together, whatever was there before.
 */
export function changedVerdict(
  stored: StoredVerdict,
  code: FindingCode,
): Verdict {
  const { signer, signedAt, decidingEvidence, ...detail } = stored.detail;
  const status = statusOfFinding(code);
  const answers = answersOf(status, code);
  return {
    ...detail,
    status,
    ...(stored.mode ? { mode: stored.mode } : {}),
    findings: [{ code }],
    answers,
    ...(answers.signatureFound === 'yes' ? { decidingEvidence } : {}),
    ...(answers.evidenceSound === 'yes' ? { signer, signedAt } : {}),
  };
}

/** A question is asked only where the one before it was answered with yes. */
function answersOf(status: ArtifactStatus, code: FindingCode): Answers {
  const sound = { signatureFound: 'yes', evidenceSound: 'yes' } as const;
  const unasked = {
    evidenceSound: 'not-asked',
    expectedSigner: 'not-asked',
  } as const;
  if (code === 'predicate-missing') return { ...sound, expectedSigner: 'yes' };
  switch (status) {
    case 'unexpected-signer':
      return { ...sound, expectedSigner: 'no' };
    case 'no-policy':
      return { ...sound, expectedSigner: 'not-asked' };
    case 'no-signature':
      return { ...unasked, signatureFound: 'no' };
    case 'could-not-check':
    case 'unsupported-format':
    case 'pending':
      return { ...unasked, signatureFound: 'unknown' };
    default:
      return {
        signatureFound: 'yes',
        evidenceSound: 'no',
        expectedSigner: 'not-asked',
      };
  }
}
