import {
  ArtifactDetail,
  EvidenceReport,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';

/** The piece of evidence that decided, with what verifying it gave. */
export type Deciding = {
  evidence: EvidenceReport;
  verification?: Verification;
};

/**
 * Finds what decided. The same evidence is verified under every trusted root;
 * what counts is the root of the signer, else one that a rule names, else the
 * one under which it got furthest.
 *
 * @returns undefined when there is no evidence, or the reader may not see it
 */
export function findDeciding(detail: ArtifactDetail): Deciding | undefined {
  const evidence =
    detail.evidence.find(({ digest }) => digest === detail.decidingEvidence) ??
    detail.evidence[0];
  return evidence && { evidence, verification: pick(evidence, detail) };
}

function pick(
  { verifications }: EvidenceReport,
  { signer, expected }: ArtifactDetail,
): Verification | undefined {
  const named = new Set(expected.map(({ trustedRoot }) => trustedRoot));
  const rank = (verification: Verification) =>
    (verification.facts && verification.trustedRoot === signer?.trustedRoot
      ? 1000
      : 0) +
    (named.has(verification.trustedRoot) ? 100 : 0) +
    verification.checks.filter(({ outcome }) => outcome === 'passed').length;
  return [...verifications].sort((a, b) => rank(b) - rank(a))[0];
}
