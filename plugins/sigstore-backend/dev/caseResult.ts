import {
  ArtifactReport,
  ArtifactStatus,
  EntityReport,
} from '@cloudythings/backstage-plugin-sigstore-common';

/** What a signed case came to; the same in `packages/ct/dev`. */
export type CaseResult = {
  outcome: 'verified' | 'rejected' | 'not-checked';
  reason: string;
  detail: string;
};

/** Statuses that are no answer: nothing was found out about the evidence. */
const NO_ANSWER: readonly ArtifactStatus[] = [
  'could-not-check',
  'unsupported-format',
  'stale',
  'pending',
];

/** Reads it from the report on the entity that has the case as its artifact. */
export function resultOf(report: EntityReport): CaseResult {
  const artifact: ArtifactReport | undefined = report.artifacts?.[0];
  if (!artifact) {
    const detail = 'nothing is reported';
    return { outcome: 'not-checked', reason: 'nothing', detail };
  }
  const [finding] = artifact.findings;
  return {
    outcome: outcomeOf(report, artifact),
    reason: finding?.code ?? artifact.status,
    detail: finding
      ? `${artifact.status}: ${finding.code}, ${finding.detail ?? ''}`
      : artifact.status,
  };
}

function outcomeOf(
  { status: whole }: EntityReport,
  { status }: ArtifactReport,
): CaseResult['outcome'] {
  if (status === 'expected-signer') {
    return whole === status ? 'verified' : 'not-checked';
  }
  return NO_ANSWER.includes(status) ? 'not-checked' : 'rejected';
}
