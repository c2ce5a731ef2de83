import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './paths.mjs';

/**
 * Databases that the store's tests may use on this machine, as the variables
 * Backstage's TestDatabases reads. Without a PostgreSQL its tests are skipped.
 */
export async function testDatabases() {
  const variable = 'BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING';
  if (process.env[variable]) return { [variable]: process.env[variable] };
  const connectionString = 'postgres://postgres@127.0.0.1:5432/postgres';
  const { Client } = createRequire(
    path.join(root, 'packages/backend/package.json'),
  )('pg');
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: 3_000,
  });
  try {
    await client.connect();
    await client.query('select 1');
    return { [variable]: connectionString };
  } catch {
    return {};
  } finally {
    await client.end().catch(() => {});
  }
}
