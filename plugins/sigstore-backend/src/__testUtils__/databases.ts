import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { migrate } from '../store/database';

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});

const WITHOUT_POSTGRES =
  'on POSTGRES_18 (set BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING)';

/** Opens an empty database with the plugin's tables. */
export type OpenDatabase = () => Promise<Knex>;

/**
 * Describes tests that run on SQLite and on PostgreSQL. Without a PostgreSQL the
 * report shows that half as skipped.
 */
export function describeOnDatabases(
  name: string,
  tests: (open: OpenDatabase, id: TestDatabaseId) => void,
): void {
  describe(name, () => {
    describe.each(databases.eachSupportedId())('on %s', id => {
      tests(async () => {
        const knex = await databases.init(id);
        await migrate(knex);
        return knex;
      }, id);
    });
    if (!databases.supports('POSTGRES_18')) {
      it.skip(WITHOUT_POSTGRES, () => undefined);
    }
  });
}
