import { JsonObject } from '@backstage/types';
import {
  DeclaredReference,
  EnforcementMode,
  EntityStatus,
  StatusCounts,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { AccessRule } from '../access/AccessRule';
import { inChunks } from './chunks';
import { Database, isPostgres, members } from './database';
import { StoredInstant, toInstant, toOptionalInstant } from './instants';
import { AccessedReference } from './references';
import { nextChangedSeq } from './statusChanges';

/** What discovery reads of an entity. */
export type EntityRecord = {
  entityRef: string;
  kind: string;
  namespace: string;
  name: string;
  title?: string;
  owner?: string;
  system?: string;
  lifecycle?: string;
  repository?: string;
  /** host/owner/name where its location is not on github.com. */
  enterpriseRepository?: string;
  /** owner/name on github.com, as the entity says itself. */
  chosenRepository?: string;
  dependencies: string[];
  /**
   * The entity as policies may ask for it; absent where it is too large to be
   * kept.
   */
  document?: JsonObject;
  declared: (DeclaredReference & AccessedReference)[];
  /** Rules about credentials that are about this entity. */
  accessRules?: AccessRule[];
  /** Who could not say what the entity declares; what they said before stays. */
  unread?: string[];
};

/** The roll-up of an entity. */
export type RollUp = {
  status: EntityStatus;
  mode?: EnforcementMode;
  counts: StatusCounts;
  total: number;
  decidedAt?: string;
};

/** An entity with its roll-up, as stored. */
export type StoredEntity = RollUp &
  Omit<EntityRecord, 'declared' | 'document'> & {
    entityHash: string;
    knownSince: string;
  };

type Row = {
  entity_ref: string;
  kind: string;
  namespace: string;
  name: string;
  title: string | null;
  owner: string | null;
  system: string | null;
  lifecycle: string | null;
  repository: string | null;
  enterprise_repository: string | null;
  chosen_repository: string | null;
  dependencies: string;
  entity_hash: string;
  status: EntityStatus;
  mode: EnforcementMode | null;
  counts: string;
  total: number;
  decided_at: StoredInstant | null;
  known_since: StoredInstant;
};

// All but the document, which is large and read on its own.
const COLUMNS = [
  'entity_ref',
  'kind',
  'namespace',
  'name',
  'title',
  'owner',
  'system',
  'lifecycle',
  'repository',
  'enterprise_repository',
  'chosen_repository',
  'dependencies',
  'entity_hash',
  'status',
  'mode',
  'counts',
  'total',
  'decided_at',
  'known_since',
] as const satisfies (keyof Row)[];

const toEntity = (row: Row): StoredEntity => ({
  entityRef: row.entity_ref,
  kind: row.kind,
  namespace: row.namespace,
  name: row.name,
  title: row.title ?? undefined,
  owner: row.owner ?? undefined,
  system: row.system ?? undefined,
  lifecycle: row.lifecycle ?? undefined,
  repository: row.repository ?? undefined,
  enterpriseRepository: row.enterprise_repository ?? undefined,
  chosenRepository: row.chosen_repository ?? undefined,
  dependencies: JSON.parse(row.dependencies),
  entityHash: row.entity_hash,
  status: row.status,
  mode: row.mode ?? undefined,
  counts: JSON.parse(row.counts),
  total: row.total,
  decidedAt: toOptionalInstant(row.decided_at),
  knownSince: toInstant(row.known_since),
});

/** Reads entities that are known now, by reference. */
export async function readEntities(
  db: Database,
  entityRefs: string[],
): Promise<Map<string, StoredEntity>> {
  const rows: Row[] = await inChunks(entityRefs, refs =>
    db('entity_statuses')
      .select(COLUMNS)
      .whereIn('entity_ref', refs)
      .whereNull('gone_at'),
  );
  return new Map(rows.map(row => [row.entity_ref, toEntity(row)] as const));
}

/** Reads what policies may ask of entities, by reference. */
export async function readDocuments(
  db: Database,
  entityRefs: string[],
): Promise<Map<string, JsonObject>> {
  const rows: { entity_ref: string; document: string }[] = await inChunks(
    entityRefs,
    refs =>
      db('entity_statuses')
        .select('entity_ref', 'document')
        .whereIn('entity_ref', refs)
        .whereNull('gone_at')
        .whereNotNull('document'),
  );
  return new Map(rows.map(row => [row.entity_ref, JSON.parse(row.document)]));
}

/** References of all entities that are known now. */
export async function knownEntityRefs(db: Database): Promise<string[]> {
  return db('entity_statuses').whereNull('gone_at').pluck('entity_ref');
}

/**
 * Holds the rows of entities until the transaction ends, in one order for all
 * writers: whoever rolls up next sees the verdicts of whoever did before.
 */
export async function lockEntities(
  tx: Database,
  entityRefs: string[],
): Promise<void> {
  const rows = tx('entity_statuses')
    .select('entity_ref')
    .whereIn('entity_ref', members(tx, entityRefs))
    .orderBy('entity_ref');
  if (isPostgres(tx)) rows.forUpdate();
  await rows;
}

/** Writes what discovery read of an entity; its roll-up stays as it is. */
export async function saveEntity(
  tx: Database,
  record: EntityRecord,
  entityHash: string,
  now: Date,
): Promise<void> {
  const described = {
    kind: record.kind,
    namespace: record.namespace,
    name: record.name,
    title: record.title ?? null,
    owner: record.owner ?? null,
    system: record.system ?? null,
    lifecycle: record.lifecycle ?? null,
    repository: record.repository ?? null,
    enterprise_repository: record.enterpriseRepository ?? null,
    chosen_repository: record.chosenRepository ?? null,
    document: record.document ? JSON.stringify(record.document) : null,
    dependencies: JSON.stringify(record.dependencies),
    entity_hash: entityHash,
  };
  // The row before the next number, as whoever rolls up takes them.
  await lockEntities(tx, [record.entityRef]);
  const known = await tx('entity_statuses')
    .where({ entity_ref: record.entityRef })
    .first('gone_at');
  if (!known) {
    await tx('entity_statuses').insert({
      entity_ref: record.entityRef,
      ...described,
      status: 'not-covered',
      counts: '{}',
      total: 0,
      known_since: now,
      changed_seq: await nextChangedSeq(tx),
    });
    return;
  }
  await tx('entity_statuses')
    .where({ entity_ref: record.entityRef })
    .update({
      ...described,
      ...(known.gone_at
        ? { gone_at: null, changed_seq: await nextChangedSeq(tx) }
        : {}),
    });
}

/** Marks an entity as no longer in the catalog. */
export async function markEntityGone(
  tx: Database,
  entityRef: string,
  now: Date,
): Promise<void> {
  await lockEntities(tx, [entityRef]);
  await tx('entity_statuses')
    .where({ entity_ref: entityRef })
    .whereNull('gone_at')
    .update({
      gone_at: now,
      status: 'not-covered',
      mode: null,
      counts: '{}',
      total: 0,
      decided_at: null,
      entity_hash: '',
      changed_seq: await nextChangedSeq(tx),
    });
}
