import { mockServices } from '@backstage/backend-test-utils';
import { PolicyWarning } from '@cloudythings/sigstore-engine';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { Clock } from '../__testUtils__/flow';
import { TrustKeeper } from './TrustKeeper';
import { TrustSet } from './loadTrustSet';

jest.setTimeout(60_000);

const trustSet = (digest: string): TrustSet => ({
  profiles: [],
  policies: [],
  distrusts: [],
  warnings: [],
  record: {
    digest,
    policiesDigest: digest,
    policies: [],
    documents: [],
    warnings: 0,
    trustedRoots: [],
    engineRevision: 'engine-1',
  },
});

const warning = (what: string): PolicyWarning => ({
  place: 'policies.yaml:3',
  policy: 'images',
  field: 'spec',
  code: 'exception-over',
  message: `too ${what}`,
});

describe.each(databaseIds)('TrustKeeper on %s', id => {
  it('tries again what the database did not take', async () => {
    const knex = await openTestDatabase(id);
    const logger = mockServices.logger.mock();
    let digest = 'old';
    const keeper = await TrustKeeper.create({
      knex,
      load: async () => trustSet(digest),
      replica: 'test',
      logger,
      now: new Clock().now,
    });

    digest = 'new';
    await knex.schema.renameTable('trust_generations', 'away');
    await keeper.reload();
    await knex.schema.renameTable('away', 'trust_generations');
    expect(logger.error).toHaveBeenCalledTimes(1);
    expect(await keeper.inForce()).toMatchObject({
      generation: 1,
      set: { record: { digest: 'old' } },
    });

    await keeper.reload();
    expect(await keeper.inForce()).toMatchObject({
      generation: 2,
      set: { record: { digest: 'new' } },
    });
    await keeper.reload();
    expect(await knex('trust_generations')).toHaveLength(2);
  });

  it('says what lets more pass, and each warning once', async () => {
    const knex = await openTestDatabase(id);
    const logger = mockServices.logger.mock();
    let set: TrustSet = { ...trustSet('old'), warnings: [warning('wide')] };
    const threshold = (transparencyLog: number) => ({
      name: 'acme',
      digest: `sha256:${transparencyLog}`,
      thresholds: { transparencyLog },
    });
    set.record.trustedRoots = [threshold(1)];
    set.record.warnings = 1;
    const keeper = await TrustKeeper.create({
      knex,
      load: async () => set,
      replica: 'test',
      logger,
      now: new Clock().now,
    });
    const warned = () =>
      logger.warn.mock.calls.splice(0).map(([words]) => words);
    expect(warned()).toEqual(['policies.yaml:3: too wide']);
    const [first] = await knex('trust_generations');
    expect(first).toMatchObject({ warnings: 1, changes: null });

    set = { ...trustSet('new'), warnings: [warning('wide'), warning('late')] };
    set.record.trustedRoots = [threshold(0)];
    await keeper.reload();
    await keeper.reload();
    expect(warned()).toEqual([
      'policies.yaml:3: too late',
      'Generation 2 lets more pass than the one before: trusted root acme asks for transparencyLog 0 instead of 1',
    ]);
    const second = await knex('trust_generations').where({ generation: 2 });
    expect(JSON.parse(second[0].changes)).toMatchObject({
      trustedRoots: { changed: ['acme'] },
      weaker: ['trusted root acme asks for transparencyLog 0 instead of 1'],
    });

    // A date passes, and nothing else changes.
    set = { ...set, warnings: [warning('over')] };
    await keeper.reload();
    expect(warned()).toEqual(['policies.yaml:3: too over']);
    expect(await knex('trust_generations')).toHaveLength(2);
  });
});
