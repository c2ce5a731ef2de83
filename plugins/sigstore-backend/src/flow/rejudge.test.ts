import { createMockDirectory } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import {
  Clock,
  componentRecord,
  declare,
  replicaPorts,
} from '../__testUtils__/flow';
import {
  BelievingVerifier,
  StatingSource,
  policyText,
} from '../__testUtils__/statedEvidence';
import {
  claimBatch,
  giveBackBatch,
  holdBatch,
  releaseBatch,
} from '../store/batchLease';
import { FlowLoop } from './FlowLoop';
import { FlowPorts } from './ports';
import { rejudge } from './rejudge';

jest.setTimeout(60_000);

const HOUR = 3_600_000;

describe.each(databaseIds)('judging in batches on %s', id => {
  const files = createMockDirectory();
  let knex: Knex;
  let clock: Clock;
  let source: StatingSource;
  let ports: FlowPorts;

  const plan = (name: string) => `file:${files.resolve(`${name}.json`)}`;
  const names = ['one', 'two', 'three', 'four'];

  /** Two entities with two plans each, checked and signed. */
  beforeEach(async () => {
    knex = await openTestDatabase(id);
    clock = new Clock();
    source = new StatingSource();
    source.otherwise = [{ signer: 'release' }];
    files.setContent({
      'policies.yaml': policyText('plans'),
      ...Object.fromEntries(names.map(name => [`${name}.json`, name])),
    });
    ports = {
      ...(await replicaPorts({
        knex,
        clock,
        source,
        fileRoot: files.path,
        policyFiles: [files.resolve('policies.yaml')],
      })),
      verifier: new BelievingVerifier(),
    };
    await declare(
      knex,
      clock,
      componentRecord('a', names.slice(0, 2).map(plan)),
    );
    await declare(knex, clock, componentRecord('b', names.slice(2).map(plan)));
    const loop = new FlowLoop(ports, { concurrency: 1 });
    while (await loop.runOnce());
  });

  const change = async (text: string) => {
    clock.advance(1000);
    files.addContent({ 'policies.yaml': text });
    await ports.trust.reload();
    return (await ports.trust.inForce())!;
  };

  const claim = (generation: number) =>
    claimBatch(knex, {
      now: clock.now(),
      leaseMs: 60_000,
      generation,
      limit: 9,
    });

  it('judges all that waits for new policies at once, and rolls up', async () => {
    const inForce = await change(policyText('plans', { signer: 'somebody' }));
    expect(await rejudge(ports, inForce)).toBe(true);
    expect(await rejudge(ports, inForce)).toBe(false);
    expect(source.asked).toHaveLength(4);
    const entities = await knex('entity_statuses').orderBy('entity_ref');
    expect(entities.map(row => [row.status, JSON.parse(row.counts)])).toEqual([
      ['unexpected-signer', { 'unexpected-signer': 2 }],
      ['unexpected-signer', { 'unexpected-signer': 2 }],
    ]);
    for (const row of await knex('artifact_references')) {
      expect(row).toMatchObject({ claimed_by: null, judged_generation: 2 });
    }
    expect(await knex('verdicts')).toHaveLength(8);
  });

  it('adds a row only for what changes, and says when it was confirmed', async () => {
    const other = policyText('others', { kind: 'pipeline' });
    const inForce = await change(policyText('plans') + other);
    await rejudge(ports, inForce);
    const rows = await knex('verdicts');
    expect(rows).toHaveLength(4);
    for (const row of rows) {
      expect(new Date(row.confirmed_at)).toEqual(clock.now());
      expect(row.generation).toBe(1);
    }
  });

  it('keeps when to judge again by the time', async () => {
    const inForce = await change(policyText('plans', { more: 'maxAge: 2d' }));
    await rejudge(ports, inForce);
    for (const row of await knex('artifact_references')) {
      const checked = new Date(row.checked_at).getTime();
      expect(new Date(row.next_judge_at).getTime()).toBe(checked + 48 * HOUR);
    }
  });

  it('leaves what is due for more than judging to be taken alone', async () => {
    const now = clock.now();
    await knex('artifact_references')
      .where({ reference: plan('one') })
      .update({ next_check_at: now });
    await knex('artifact_references')
      .where({ reference: plan('two') })
      .update({ next_judge_at: now });
    await knex('artifact_references')
      .where({ reference: plan('three') })
      .update({ next_check_at: null });
    const { generation } = await change(policyText('plans', { signer: 'x' }));
    const batch = await claim(generation);
    const [four] = await knex('artifact_references').where({
      reference: plan('four'),
    });
    expect([...batch!.dueAt.keys()]).toEqual([four.id]);
  });

  it('does not take what another replica has', async () => {
    const { generation } = await change(policyText('plans', { signer: 'x' }));
    expect((await claim(generation))?.dueAt.size).toBe(4);
    expect(await claim(generation)).toBeUndefined();
  });

  it('writes nothing for references whose lease ended', async () => {
    const { generation } = await change(policyText('plans', { signer: 'x' }));
    const first = (await claim(generation))!;
    clock.advance(60_001);
    const second = (await claim(generation))!;
    await knex.transaction(async tx => {
      expect(await holdBatch(tx, first, clock.now())).toEqual([]);
      expect(await holdBatch(tx, second, clock.now())).toHaveLength(4);
    });
    await giveBackBatch(knex, first);
    expect(
      await knex('artifact_references').where({ claimed_by: second.claimedBy }),
    ).toHaveLength(4);
  });

  it('keeps what became due while it was judged', async () => {
    const { generation } = await change(policyText('plans', { signer: 'x' }));
    const batch = (await claim(generation))!;
    const ids = [...batch.dueAt.keys()];
    await knex('artifact_references')
      .where({ id: ids[0] })
      .update({ next_judge_at: clock.now() });
    const judged = ids.map(one => ({ id: one }));
    await knex.transaction(tx => releaseBatch(tx, batch, judged, generation));
    const due = await knex('artifact_references')
      .whereNotNull('next_judge_at')
      .pluck('id');
    expect(due).toEqual([ids[0]]);
  });

  it('publishes nothing under policies that are no longer in force', async () => {
    const old = await change(policyText('plans', { signer: 'somebody' }));
    await change(
      policyText('plans', { signer: 'release', more: 'mode: warn' }),
    );
    await rejudge(ports, old);
    expect(await knex('verdicts')).toHaveLength(4);
    for (const row of await knex('artifact_references')) {
      expect(row).toMatchObject({ claimed_by: null, judged_generation: 1 });
    }
  });

  it('judges one by one what cannot be written together', async () => {
    const inForce = await change(policyText('plans', { signer: 'somebody' }));
    await knex.schema.renameTable('verdicts', 'away');
    expect(await rejudge(ports, inForce)).toBe(true);
    await knex.schema.renameTable('away', 'verdicts');
    expect(await rejudge(ports, inForce)).toBe(false);
    const loop = new FlowLoop(ports, { concurrency: 1 });
    let alone = 0;
    while (await loop.runOnce()) alone += 1;
    expect(alone).toBe(4);
    const statuses = await knex('verdicts')
      .whereNull('superseded_at')
      .pluck('status');
    expect(new Set(statuses)).toEqual(new Set(['unexpected-signer']));
  });
});
