import createKnex from 'knex';
import {
  openTestDatabase,
  postgresAvailable,
} from '../__testUtils__/databases';
import { Clock, componentRecord, declare } from '../__testUtils__/flow';
import { claimReference } from './lease';

jest.setTimeout(60_000);

const describePostgres = postgresAvailable ? describe : describe.skip;

describePostgres('claimReference', () => {
  it('passes over what another pool is taking, and waits for nobody', async () => {
    const clock = new Clock();
    const knex = await openTestDatabase('POSTGRES_18');
    const other = createKnex(knex.client.config);
    try {
      const references = ['file:/one', 'file:/two'];
      await declare(knex, clock, componentRecord('a', references));
      const options = { now: clock.now(), leaseMs: 60_000, generation: 0 };
      const tx = await knex.transaction();
      const first = await claimReference(tx, options);
      // The first is not committed: who waits for it waits for ever.
      const second = await other.transaction(async waiting => {
        await waiting.raw("set local lock_timeout = '2s'");
        return claimReference(waiting, options);
      });
      expect(await claimReference(other, options)).toBeUndefined();
      await tx.commit();
      expect([first?.reference, second?.reference].sort()).toEqual(references);
      expect(await claimReference(other, options)).toBeUndefined();
    } finally {
      await other.destroy();
    }
  });
});
