import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { migrate } from '../store/database';

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});

/**
 * Databases that can be tried here, for `describe.each`. Where PostgreSQL is not
 * among them, `store/migrations.test.ts` shows it as skipped.
 */
export const databaseIds = databases.eachSupportedId();

/** Whether a PostgreSQL was named in the environment. */
export const postgresAvailable = databases.supports('POSTGRES_18');

/** Opens an empty database. */
export function openEmptyDatabase(id: TestDatabaseId): Promise<Knex> {
  return databases.init(id);
}

/** Opens an empty database with the plugin's tables. */
export async function openTestDatabase(id: TestDatabaseId): Promise<Knex> {
  const knex = await databases.init(id);
  await migrate(knex);
  return knex;
}
