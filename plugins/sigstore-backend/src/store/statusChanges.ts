import { EntityStatus } from '@cloudythings/backstage-plugin-sigstore-common';
import { Database, isPostgres } from './database';
import { StoredInstant } from './instants';

/** Any number that no other part of the plugin locks. */
const SEQUENCE_LOCK = 7_467_381;

/**
 * Takes the next number of a change, inside the transaction that writes it.
 *
 * Numbers become visible in their order, since whoever takes one makes all
 * others wait until its transaction ends. So a reader that has seen a number
 * has seen all before it. SQLite has one writer anyway.
 */
export async function nextChangedSeq(tx: Database): Promise<number> {
  if (isPostgres(tx)) {
    await tx.raw('select pg_advisory_xact_lock(?)', [SEQUENCE_LOCK]);
  }
  const row = await tx('entity_statuses').max({ last: 'changed_seq' }).first();
  return Number(row?.last ?? 0) + 1;
}

/** One change of status; without a status the entity is no longer known. */
export type StatusChange = { entityRef: string; status?: EntityStatus };

type Row = {
  entity_ref: string;
  status: EntityStatus;
  gone_at: StoredInstant | null;
  changed_seq: number | string;
};

/**
 * Statuses that changed after a number, oldest first. A number beyond the newest
 * one, as after a restored database, reads from the beginning.
 */
export async function readStatusChanges(
  db: Database,
  after: number,
  limit: number,
): Promise<{ items: StatusChange[]; last: number; more: boolean }> {
  const newest = await db('entity_statuses')
    .max({ last: 'changed_seq' })
    .first();
  const start = after > Number(newest?.last ?? 0) ? 0 : after;
  const rows: Row[] = await db('entity_statuses')
    .select('entity_ref', 'status', 'gone_at', 'changed_seq')
    .where('changed_seq', '>', start)
    .orderBy('changed_seq')
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return {
    items: page.map(row => ({
      entityRef: row.entity_ref,
      ...(row.gone_at ? {} : { status: row.status }),
    })),
    last: page.length > 0 ? Number(page[page.length - 1].changed_seq) : start,
    more: rows.length > limit,
  };
}
