import { mockServices } from '@backstage/backend-test-utils';
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
});
