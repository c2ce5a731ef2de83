import { TufState, expiriesOf } from '@cloudythings/sigstore-engine';
import { Database } from './database';
import { StoredInstant, toInstant, toOptionalInstant } from './instants';

/** What is stored of a TUF repository. */
export type StoredTrustedRoot = {
  state: TufState;
  triedAt: string;
  refreshedAt?: string;
  error?: string;
  /** Grows with each write; for writing only what was not written since. */
  revision: number;
};

/** Which repository a row is of, and what for. */
export type TrustedRootKey = { id: string; mirror: string; target: string };

type Row = {
  metadata: string;
  content: string | null;
  tried_at: StoredInstant;
  refreshed_at: StoredInstant | null;
  error: string | null;
  revision: number;
};

/** Reads what is known of a TUF repository. */
export async function readTrustedRoot(
  db: Database,
  id: string,
): Promise<StoredTrustedRoot | undefined> {
  const row: Row | undefined = await db('trusted_roots').where({ id }).first();
  if (!row) return undefined;
  return {
    state: {
      metadata: JSON.parse(row.metadata),
      ...(row.content === null ? {} : { target: row.content }),
    },
    triedAt: toInstant(row.tried_at),
    refreshedAt: toOptionalInstant(row.refreshed_at),
    error: row.error ?? undefined,
    revision: row.revision,
  };
}

/**
 * Text of the last target of a repository that can be used, and what went wrong
 * since.
 */
export async function readTrustedRootContent(
  db: Database,
  id: string,
): Promise<{ content?: string; error?: string }> {
  const row: Pick<Row, 'content' | 'error'> | undefined = await db(
    'trusted_roots',
  )
    .where({ id })
    .first('content', 'error');
  return { content: row?.content ?? undefined, error: row?.error ?? undefined };
}

/**
 * Writes what became of a refresh, unless somebody wrote since it began: what
 * is older must never replace what is newer.
 *
 * @param before - what the refresh began with
 * @returns whether it was written
 */
export async function saveTrustedRoot(
  db: Database,
  key: TrustedRootKey,
  before: StoredTrustedRoot | undefined,
  after: { state: TufState; error?: string },
  now: Date,
): Promise<boolean> {
  const [soonest] = expiriesOf(after.state.metadata);
  const columns = {
    metadata: JSON.stringify(after.state.metadata),
    content: after.state.target ?? null,
    tried_at: now,
    expires_at: soonest ? new Date(soonest.expires) : null,
    error: after.error ?? null,
    ...(after.error === undefined ? { refreshed_at: now } : {}),
  };
  if (before) {
    const written = await db('trusted_roots')
      .where({ id: key.id, revision: before.revision })
      .update({ ...columns, revision: before.revision + 1 });
    return written > 0;
  }
  const rows = await db('trusted_roots')
    .insert({ ...key, ...columns, revision: 1 })
    .onConflict('id')
    .ignore()
    .returning('id');
  return rows.length > 0;
}
