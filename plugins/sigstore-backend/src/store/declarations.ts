import {
  ArtifactKind,
  DeclaredReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { eachChunk, inChunks } from './chunks';
import { Database } from './database';
import { artifactId, referenceId } from './identifiers';
import { StoredInstant, toInstant } from './instants';

/** One reference that an entity declares now. */
export type Declaration = {
  artifactId: string;
  entityRef: string;
  kind: ArtifactKind;
  reference: string;
  referenceId: string;
  declaredBy: string;
  problem?: string;
  running: boolean;
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
  running: boolean | number;
  since: StoredInstant;
};

const toDeclaration = (row: Row): Declaration => ({
  artifactId: row.artifact_id,
  entityRef: row.entity_ref,
  kind: row.kind,
  reference: row.reference,
  referenceId: row.reference_id,
  declaredBy: row.declared_by,
  problem: row.problem ?? undefined,
  running: Boolean(row.running),
  since: toInstant(row.since),
});

const current = (db: Database) =>
  db<Row>('declarations').whereNull('gone_at').orderBy('artifact_id');

/** What some entities declare now. */
export async function declarationsOfEntities(
  db: Database,
  entityRefs: string[],
): Promise<Declaration[]> {
  const rows = await inChunks(entityRefs, refs =>
    current(db).whereIn('entity_ref', refs),
  );
  return rows.map(row => toDeclaration(row as Row));
}

/** Who declares some references now. */
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

/** What replacing the declarations of an entity comes to. */
export type DeclarationChanges = {
  added: DeclaredReference[];
  removed: Declaration[];
};

/** Compares what an entity declares with what is recorded. Writes nothing. */
export async function compareDeclarations(
  db: Database,
  entityRef: string,
  declared: DeclaredReference[],
): Promise<DeclarationChanges> {
  const recorded = await declarationsOfEntities(db, [entityRef]);
  const key = (item: DeclaredReference | Declaration) =>
    JSON.stringify([item.kind, item.reference, item.declaredBy, item.problem]);
  const before = new Set(recorded.map(key));
  const after = new Set(declared.map(key));
  return {
    added: declared.filter(item => !before.has(key(item))),
    removed: recorded.filter(item => !after.has(key(item))),
  };
}

/** Ends removed declarations and begins added ones; the past stays readable. */
export async function writeDeclarations(
  tx: Database,
  entityRef: string,
  changes: DeclarationChanges,
  now: Date,
): Promise<void> {
  const removedIds = changes.removed.map(item => item.artifactId);
  await eachChunk(removedIds, ids =>
    tx('declarations')
      .whereIn('artifact_id', ids)
      .whereNull('gone_at')
      .update({ gone_at: now }),
  );
  await eachChunk(removedIds, ids =>
    tx('verdicts')
      .whereIn('artifact_id', ids)
      .whereNull('superseded_at')
      .update({ superseded_at: now }),
  );
  for (const item of changes.added) {
    await tx('declarations').insert({
      artifact_id: artifactId(entityRef, item.kind, item.reference),
      entity_ref: entityRef,
      kind: item.kind,
      reference: item.reference,
      reference_id: referenceId(item.kind, item.reference),
      declared_by: item.declaredBy,
      problem: item.problem ?? null,
      running: false,
      since: now,
    });
  }
}
