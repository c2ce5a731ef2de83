import { ArtifactKind } from '@cloudythings/backstage-plugin-sigstore-common';
import { inChunks } from './chunks';
import { Database } from './database';
import { StoredInstant, toInstant } from './instants';

/** One reference that an entity has now: declared, seen running, or both. */
export type Declaration = {
  artifactId: string;
  entityRef: string;
  kind: ArtifactKind;
  reference: string;
  referenceId: string;
  /** By what; of what is only seen running, the name of its observer. */
  declaredBy: string;
  problem?: string;
  declared: boolean;
  running: boolean;
  /** Since when the entity has it, in whichever way. */
  since: string;
};

type Row = {
  artifact_id: string;
  entity_ref: string;
  kind: ArtifactKind;
  reference: string;
  reference_id: string;
  declared_by: string;
  problem: string | null;
  declared: boolean | number;
  running: boolean | number;
  since: StoredInstant;
  held_since: StoredInstant | null;
};

const toDeclaration = (row: Row): Declaration => ({
  artifactId: row.artifact_id,
  entityRef: row.entity_ref,
  kind: row.kind,
  reference: row.reference,
  referenceId: row.reference_id,
  declaredBy: row.declared_by,
  problem: row.problem ?? undefined,
  declared: Boolean(row.declared),
  running: Boolean(row.running),
  since: toInstant(row.held_since ?? row.since),
});

const current = (db: Database) =>
  db<Row>('declarations').whereNull('gone_at').orderBy('artifact_id');

/** What some entities declare now, and what runs for them. */
export async function declarationsOfEntities(
  db: Database,
  entityRefs: string[],
): Promise<Declaration[]> {
  const rows = await inChunks(entityRefs, refs =>
    current(db).whereIn('entity_ref', refs),
  );
  return rows.map(row => toDeclaration(row as Row));
}

/** Who declares some references now, or runs them. */
export async function declarationsOfReferences(
  db: Database,
  referenceIds: string[],
): Promise<Declaration[]> {
  const rows = await inChunks(referenceIds, ids =>
    current(db).whereIn('reference_id', ids),
  );
  return rows.map(row => toDeclaration(row as Row));
}

/** All current declarations, a page at a time, in the order of their names. */
export async function declarationPage(
  db: Database,
  after: string,
  limit: number,
): Promise<Declaration[]> {
  const rows = await current(db).where('artifact_id', '>', after).limit(limit);
  return rows.map(row => toDeclaration(row as Row));
}

/** Who declares references that lead to some digests now. */
export async function declarationsOfDigests(
  db: Database,
  digests: string[],
): Promise<(Declaration & { digest: string })[]> {
  const rows = await current(db)
    .join('artifact_references', 'artifact_references.id', 'reference_id')
    .whereIn('artifact_references.digest', digests)
    .select('declarations.*', 'artifact_references.digest');
  return rows.map(row => ({ ...toDeclaration(row), digest: row.digest }));
}
