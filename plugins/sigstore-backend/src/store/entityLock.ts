import { Database, isPostgres } from './database';

/**
 * Has those who write what an entity declares, or what runs for it, go one after
 * the other until the transaction ends: what they write depends on what they
 * read. It goes before every other statement of such a transaction, reads among
 * them, so it also comes before references and entities in the order of locks.
 *
 * Not a row, because whoever publishes takes references before entities, and
 * because an entity may not have one yet. SQLite has one connection.
 */
export async function lockEntityWriters(
  tx: Database,
  entityRef: string,
): Promise<void> {
  if (!isPostgres(tx)) return;
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
    `sigstore entity ${entityRef}`,
  ]);
}
