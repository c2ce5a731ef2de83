import {
  ArtifactReport,
  FindingCode,
} from '@cloudythings/backstage-plugin-sigstore-common';

const CODES = ['signer-distrusted', 'signed-outside-window'] as const;

/**
 * The finding by which the right signer is not an expected one: trust in it
 * was withdrawn, or it signed at the wrong time. Nobody else signed, and
 * nothing must say so.
 */
export function rightSignerFinding({
  status,
  findings: [first],
}: Pick<ArtifactReport, 'status' | 'findings'>):
  | (typeof CODES)[number]
  | undefined {
  const code: FindingCode | undefined = first?.code;
  return status === 'unexpected-signer'
    ? CODES.find(known => known === code)
    : undefined;
}
