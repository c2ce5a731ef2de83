import {
  EntityReport,
  EntityStatusSummary,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Database } from '../store/database';
import { declarationsOfEntities } from '../store/declarations';
import { StoredEntity, readEntities } from '../store/entityStatuses';
import { readArtifactReports } from './artifactReports';
import { Visibility } from './visibility';

/** The line of an entity in a list. */
export function summarizeEntity(entity: StoredEntity): EntityStatusSummary {
  const { entityRef, status, mode, counts, total, decidedAt } = entity;
  return {
    entityRef,
    status,
    ...(mode ? { mode } : {}),
    counts,
    total,
    ...(decidedAt ? { decidedAt } : {}),
  };
}

/** The report on an entity of the catalog that was not read here yet. */
export function reportUnknownEntity(entityRef: string): EntityReport {
  return {
    entityRef,
    status: 'not-covered',
    counts: {},
    total: 0,
    artifacts: [],
    dependencies: [],
  };
}

/**
 * What the card of an entity shows.
 *
 * @param visibility - of the caller; dependencies they may not see are left out
 */
export async function readEntityReport(
  db: Database,
  entity: StoredEntity,
  visibility: Visibility,
): Promise<EntityReport> {
  const declarations = await declarationsOfEntities(db, [entity.entityRef]);
  const artifacts = await readArtifactReports(db, declarations, true);
  // The card promises no more than its oldest row.
  const checkedAt = artifacts
    .flatMap(artifact => artifact.checkedAt ?? [])
    .sort()[0];
  return {
    ...summarizeEntity(entity),
    ...(checkedAt ? { checkedAt } : {}),
    knownSince: entity.knownSince,
    artifacts,
    dependencies: await readDependencies(db, entity, visibility),
  };
}

async function readDependencies(
  db: Database,
  entity: StoredEntity,
  visibility: Visibility,
): Promise<EntityReport['dependencies']> {
  const visible = await visibility.filter(entity.dependencies);
  const refs = entity.dependencies.filter(ref => visible.has(ref));
  const entities = await readEntities(db, refs);
  const declarations = await declarationsOfEntities(db, refs);
  const reports = await readArtifactReports(db, declarations, false);
  return refs.flatMap(entityRef => {
    const artifacts = reports.filter(report => report.entityRef === entityRef);
    const dependency = entities.get(entityRef);
    if (!dependency || artifacts.length === 0) return [];
    const { title, owner } = dependency;
    return [
      {
        entityRef,
        ...(title ? { title } : {}),
        ...(owner ? { owner } : {}),
        artifacts,
      },
    ];
  });
}
