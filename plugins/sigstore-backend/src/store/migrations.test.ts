import {
  databaseIds,
  openEmptyDatabase,
  postgresAvailable,
} from '../__testUtils__/databases';
import { isPostgres, migrate } from './database';

jest.setTimeout(60_000);

const TABLES = [
  'artifact_references',
  'artifacts',
  'declarations',
  'entity_statuses',
  'evidence',
  'facts',
  'lookups',
  'log_entries',
  'object_storage',
  'resolutions',
  'running_answers',
  'running_observations',
  'running_questions',
  'sightings',
  'signers',
  'trust_generations',
  'trusted_roots',
  'verdicts',
];

describe.each(databaseIds)('migrations on %s', id => {
  it('make the tables and take them away again', async () => {
    const knex = await openEmptyDatabase(id);
    const existing = async () => {
      const found = await Promise.all(
        TABLES.map(table => knex.schema.hasTable(table)),
      );
      return TABLES.filter((_, index) => found[index]);
    };
    await migrate(knex);
    expect(await existing()).toEqual(TABLES);
    await knex.migrate.rollback({ directory: `${__dirname}/../../migrations` });
    expect(await existing()).toEqual([]);
  });
});

const describeOnPostgres = postgresAvailable ? describe : describe.skip;

describeOnPostgres(
  'with BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING',
  () => {
    it('the tests of the store run on PostgreSQL, too', async () => {
      expect(isPostgres(await openEmptyDatabase('POSTGRES_18'))).toBe(true);
    });
  },
);
