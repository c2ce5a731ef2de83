import {
  DeclaredReference,
  EnforcementMode,
  EntityStatus,
  StatusCounts,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Database, isPostgres } from './database';
import { StoredInstant, toInstant, toOptionalInstant } from './instants';
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
  dependencies: string[];
  declared: DeclaredReference[];
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
  Omit<EntityRecord, 'declared'> & { entityHash: string; knownSince: string };

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
  dependencies: string;
  entity_hash: string;
  status: EntityStatus;
  mode: EnforcementMode | null;
  counts: string;
  total: number;
  decided_at: StoredInstant | null;
  known_since: StoredInstant;
};

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
  const rows = await db<Row>('entity_statuses')
    .whereIn('entity_ref', entityRefs)
    .whereNull('gone_at');
  return new Map(
    rows.map(row => [row.entity_ref, toEntity(row as Row)] as const),
  );
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
    .whereIn('entity_ref', entityRefs)
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

/**
 * Writes a roll-up; only a change of status is announced to the catalog.
 *
 * @param tx - a transaction that holds the entity's row
 */
export async function saveRollUp(
  tx: Database,
  entityRef: string,
  rollUp: RollUp,
): Promise<void> {
  const before = await tx('entity_statuses')
    .where({ entity_ref: entityRef })
    .first('status');
  if (!before) return;
  await tx('entity_statuses')
    .where({ entity_ref: entityRef })
    .update({
      status: rollUp.status,
      mode: rollUp.mode ?? null,
      counts: JSON.stringify(rollUp.counts),
      total: rollUp.total,
      decided_at: rollUp.decidedAt ? new Date(rollUp.decidedAt) : null,
      ...(before.status === rollUp.status
        ? {}
        : { changed_seq: await nextChangedSeq(tx) }),
    });
}
