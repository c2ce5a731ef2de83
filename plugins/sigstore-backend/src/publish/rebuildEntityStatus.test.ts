import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createMockDirectory } from '@backstage/backend-test-utils';
import createKnex, { Knex } from 'knex';
import { resolve } from 'node:path';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import {
  Clock,
  CountingSource,
  componentRecord,
  declare,
  replicaPorts,
} from '../__testUtils__/flow';
import { FlowLoop } from '../flow/FlowLoop';
import { isPostgres, migrate } from '../store/database';
import { readEntities } from '../store/entityStatuses';
import { readStatusChanges } from '../store/statusChanges';
import { rebuildEntityStatus } from './rebuildEntityStatus';

jest.setTimeout(60_000);

const REF = 'component:default/a';
const PACKAGE = resolve(__dirname, '../..');

async function somebodyWaits(knex: Knex): Promise<boolean> {
  const { rows } = await knex.raw(
    "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows.length > 0;
}

describe('rebuildEntityStatus', () => {
  const files = createMockDirectory();
  const plan = (name = 'plan') => `file:${files.resolve(`${name}.json`)}`;

  /** A component with plans that were checked: unsigned. */
  async function checkPlans(knex: Knex, names = ['plan']): Promise<void> {
    const clock = new Clock();
    for (const name of names) files.addContent({ [`${name}.json`]: name });
    await declare(knex, clock, componentRecord('a', names.map(plan)));
    const ports = await replicaPorts({
      knex,
      clock,
      source: new CountingSource(),
      fileRoot: files.path,
    });
    const loop = new FlowLoop(ports, { concurrency: 1 });
    while (await loop.runOnce());
  }

  const statusOf = async (knex: Knex) =>
    (await readEntities(knex, [REF])).get(REF);

  it.each(databaseIds)('says what the stored verdicts say, on %s', async id => {
    const knex = await openTestDatabase(id);
    await checkPlans(knex);
    expect(await statusOf(knex)).toMatchObject({
      status: 'no-signature',
      counts: { 'no-signature': 1 },
    });
    const { last } = await readStatusChanges(knex, 0, 10);

    await knex('verdicts').update({
      status: 'unexpected-signer',
      mode: 'enforce',
    });
    expect(await statusOf(knex)).toMatchObject({ status: 'no-signature' });
    await knex.transaction(tx => rebuildEntityStatus(tx, REF));

    expect(await statusOf(knex)).toMatchObject({
      status: 'unexpected-signer',
      mode: 'enforce',
      counts: { 'unexpected-signer': 1 },
      total: 1,
    });
    expect((await readStatusChanges(knex, last, 10)).items).toEqual([
      { entityRef: REF, status: 'unexpected-signer' },
    ]);
  });

  it.each(databaseIds)(
    'sees the verdicts of whoever rolled up just before, on %s',
    async id => {
      const knex = await openTestDatabase(id);
      await checkPlans(knex, ['one', 'two']);
      const change = async (tx: Knex.Transaction, name: string) => {
        await tx('verdicts')
          .where({ reference: plan(name) })
          .update({ status: 'unexpected-signer' });
        await rebuildEntityStatus(tx, REF);
      };
      const first = await knex.transaction();
      await change(first, 'one');
      const second = knex.transaction(tx => change(tx, 'two'));
      // SQLite has no second connection to ask with; there it waits to begin.
      while (isPostgres(knex) && !(await somebodyWaits(knex)));
      await first.commit();
      await second;
      expect((await statusOf(knex))?.counts).toEqual({
        'unexpected-signer': 2,
      });
    },
  );

  it('can be done by hand on the file of a stopped flow', async () => {
    const database = files.resolve('sigstore.sqlite');
    const knex = createKnex({
      client: 'better-sqlite3',
      connection: { filename: database },
      useNullAsDefault: true,
    });
    try {
      await migrate(knex);
      await checkPlans(knex);
      const rebuild = (...args: string[]) =>
        promisify(execFile)(
          process.execPath,
          [
            '--require',
            require.resolve('@backstage/cli/config/nodeTransform.cjs'),
            resolve(PACKAGE, 'dev/rebuild.ts'),
            '--database',
            database,
            '--entity',
            REF,
            ...args,
          ],
          { cwd: PACKAGE },
        );
      const { stdout } = await rebuild(
        '--reference',
        plan(),
        '--finding',
        'artifact-mismatch',
      );
      expect(JSON.parse(stdout)).toMatchObject({ status: 'evidence-mismatch' });
      expect(await statusOf(knex)).toMatchObject({
        status: 'evidence-mismatch',
      });
      const [current] = await knex('verdicts').whereNull('superseded_at');
      expect(JSON.parse(current.findings)).toEqual([
        { code: 'artifact-mismatch' },
      ]);
      expect(JSON.parse(current.detail)).toMatchObject({
        answers: {
          signatureFound: 'yes',
          evidenceSound: 'no',
          expectedSigner: 'not-asked',
        },
      });
      await expect(
        rebuild('--reference', 'file:/none', '--finding', 'no-signature'),
      ).rejects.toThrow('has no verdict about file:/none');
    } finally {
      await knex.destroy();
    }
  });
});
