import {
  Finding,
  FindingCode,
  Verification,
  statusOfFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeHistory } from './history';

const LEFT_THE_ROOT: readonly FindingCode[] = [
  'chain-untrusted',
  'log-untrusted',
  'timestamp-untrusted',
  'key-unknown',
];

/**
 * Says so where evidence fails only because its authority is no longer in the
 * trusted root: it held under an earlier one. What is wrong with it besides is
 * worse and stays what decides.
 */
export function withdrawn(
  verification: Verification,
  { formerlySound }: JudgeHistory,
): Verification {
  if (formerlySound.length === 0) return verification;
  const { findings, evidenceDigest, trustedRoot } = verification;
  const left = findings.find(({ code }) => LEFT_THE_ROOT.includes(code));
  const isKnown = formerlySound.some(
    former =>
      former.evidenceDigest === evidenceDigest &&
      former.trustedRoot === trustedRoot,
  );
  if (!left || !isKnown || findings.some(isWorse)) return verification;
  const finding: Finding = {
    code: 'authority-withdrawn',
    detail: `it held under an earlier version of the trusted root "${trustedRoot}"`,
  };
  return { ...verification, findings: [finding, ...findings] };
}

function isWorse({ code }: Finding): boolean {
  return ['evidence-mismatch', 'outside-validity'].includes(
    statusOfFinding(code),
  );
}
