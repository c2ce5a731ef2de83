import {
  EntityReport,
  FlowProgress,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import {
  WorldServer,
  startWorldServer,
  worldRecorded,
} from '../__testUtils__/demoWorld';
import {
  TestServer,
  UserRights,
  asService,
  asUser,
  startPlugin,
} from '../__testUtils__/startPlugin';

jest.setTimeout(120_000);

const describeWorld = worldRecorded ? describe : describe.skip;

const CHECKOUT = 'component:default/checkout';

describeWorld.each(databaseIds)('the progress of the flow on %s', id => {
  let world: WorldServer;

  beforeAll(async () => {
    world = await startWorldServer();
  });

  afterAll(() => world?.stop());

  const start = async (catalog: UserRights['catalog']) => {
    const knex = await openTestDatabase(id);
    const server = await startPlugin(world, { knex, users: { catalog } });
    return { knex, server };
  };

  const progress = async (
    call: typeof asUser,
    server: TestServer,
  ): Promise<FlowProgress> => (await call(server, '/flow')).body;

  it('counts everything for who sees everything', async () => {
    const { knex, server } = await start('all');
    const seen = await progress(asUser, server);
    expect(seen).toEqual(await progress(asService, server));
    expect(seen.references).toBe((await knex('artifact_references')).length);
  });

  it('counts what the entities declare that a user sees', async () => {
    const { knex, server } = await start(ref => ref === CHECKOUT);
    const path = '/entities/component/default/checkout';
    const { body: report }: { body: EntityReport } = await asUser(server, path);
    const all = await progress(asService, server);
    const seen = await progress(asUser, server);
    expect(seen).toEqual({ ...all, references: report.total });
    expect(all.references).toBeGreaterThan(report.total);

    const declared = knex('declarations').select('reference_id');
    const others = () =>
      knex('artifact_references').whereNotIn(
        'id',
        declared.clone().where({ entity_ref: CHECKOUT }),
      );
    await others().update({ checked_at: null, judged_generation: 0 });
    expect(await progress(asUser, server)).toMatchObject({
      references: report.total,
      pending: 0,
      due: 0,
    });
    await knex('artifact_references').update({ checked_at: null });
    expect(await progress(asUser, server)).toMatchObject({
      pending: report.total,
    });
  });

  it('counts nothing for who sees nothing', async () => {
    const { server } = await start('nothing');
    const { discoveredAt, policyGeneration } = await progress(
      asService,
      server,
    );
    expect(await progress(asUser, server)).toEqual({
      discoveredAt,
      policyGeneration,
      references: 0,
      pending: 0,
      due: 0,
    });
  });
});
