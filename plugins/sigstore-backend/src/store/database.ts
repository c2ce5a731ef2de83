import {
  DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { Knex } from 'knex';

/** A connection pool, or a transaction taken from one. */
export type Database = Knex | Knex.Transaction;

const migrationsFolder = () =>
  resolvePackagePath(
    '@cloudythings/backstage-plugin-sigstore-backend',
    'migrations',
  );

/** Brings the tables to the newest form. */
export async function migrate(knex: Knex): Promise<void> {
  await knex.migrate.latest({ directory: migrationsFolder() });
}

/**
 * Opens the plugin's own database and brings its tables up to date, unless the
 * platform says that migrations are somebody else's job.
 */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (!database.migrations?.skip) await migrate(knex);
  return knex;
}

/** Tells PostgreSQL, which has concurrent writers, from SQLite, which has one. */
export function isPostgres(db: Database): boolean {
  return db.client.config.client === 'pg';
}

/**
 * The members of a list of texts, for `whereIn`. One value however many,
 * so that a statement stays one statement: databases limit the number of values.
 */
export function members(db: Database, texts: Iterable<string>) {
  const list = [JSON.stringify([...texts])];
  return isPostgres(db)
    ? db.select(db.raw('json_array_elements_text(?::json)', list))
    : db.select('value').from(db.raw('json_each(?)', list));
}
