import {
  ArtifactReport,
  compareStatuses,
  EntityReport,
} from '@cloudythings/backstage-plugin-sigstore-common';

/** Artifacts worst first; those of one status in the order of the backend. */
export function worstFirst(
  artifacts: readonly ArtifactReport[],
): ArtifactReport[] {
  return [...artifacts].sort((a, b) => compareStatuses(a.status, b.status));
}

/** Everything on the card of an entity: its own, then what it depends on. */
export function allArtifacts(report: EntityReport): ArtifactReport[] {
  return [
    ...worstFirst(report.artifacts),
    ...report.dependencies.flatMap(({ artifacts }) => worstFirst(artifacts)),
  ];
}

/** The artifacts that give the entity its status. */
export function decidingArtifacts(report: EntityReport): ArtifactReport[] {
  return allArtifacts(report).filter(
    ({ required, status }) => required && status === report.status,
  );
}
