import { Knex } from 'knex';
import { Claim, assertLease, releaseLease } from '../store/lease';
import { newestGeneration } from '../store/trustGenerations';
import { TrustInForce } from '../trust/TrustKeeper';
import { judgeAndSave } from './judgeAndSave';

/** Policies or trusted roots changed while the work went on; it is judged again. */
export class TrustChangedError extends Error {
  constructor() {
    super('Policies or trusted roots changed while an artifact was judged');
    this.name = 'TrustChangedError';
  }
}

/**
 * Steps judge and publish for everybody who declares a reference: verdicts,
 * roll-ups and the end of the lease, all or nothing. Judging reads stored facts
 * only, so the transaction stays short.
 *
 * @param nextCheck - says when the reference is looked up next, given whether
 * its sources answered; not asked when only judging was due
 * @throws LeaseLostError, TrustChangedError; nothing is written then
 */
export async function publishReference(
  knex: Knex,
  claim: Claim,
  trust: TrustInForce,
  nextCheck: (couldCheck: boolean) => Date,
  now: Date,
): Promise<void> {
  await knex.transaction(async tx => {
    await assertLease(tx, claim, now);
    const newest = await newestGeneration(tx);
    if (newest?.generation !== trust.generation) throw new TrustChangedError();
    const { judged } = await judgeAndSave(tx, [claim.id], trust, now);
    const { judgeAgainAt, couldCheck = true } = judged.get(claim.id) ?? {};
    await releaseLease(tx, claim, {
      judgedGeneration: trust.generation,
      ...(judgeAgainAt ? { judgeAt: new Date(judgeAgainAt) } : {}),
      ...(claim.checkDue ? { checkAt: nextCheck(couldCheck) } : {}),
    });
  });
}
