import { stringifyError } from '@backstage/errors';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { judgeAndSave } from '../publish/judgeAndSave';
import {
  BatchClaim,
  claimBatch,
  giveBackBatch,
  giveBackSingly,
  holdBatch,
  releaseBatch,
} from '../store/batchLease';
import { newestGeneration } from '../store/trustGenerations';
import { TrustInForce } from '../trust/TrustKeeper';
import { FlowPorts } from './ports';

/** So many that a change of policies is through soon, so few that a transaction stays short. */
const BATCH = 200;
const LEASE_MS = 60_000;

/**
 * Judges many references at once that wait for nothing but new policies: no
 * network, no cryptography. Whatever has to be verified first is left to be
 * taken on its own, and so is a batch that cannot be written.
 *
 * @returns whether there was anything to do
 */
export async function rejudge(
  ports: Pick<FlowPorts, 'knex' | 'logger' | 'now'>,
  trust: TrustInForce,
): Promise<boolean> {
  const { knex, logger, now } = ports;
  await nextTurn();
  const claim = await claimBatch(knex, {
    now: now(),
    leaseMs: LEASE_MS,
    generation: trust.generation,
    limit: BATCH,
  });
  if (!claim) return false;
  try {
    await judgeBatch(ports, claim, trust);
  } catch (error) {
    logger.warn(
      `${
        claim.dueAt.size
      } artifacts were not judged together and are judged one by one: ${stringifyError(
        error,
      )}`,
    );
    await knex.transaction(async tx => {
      await giveBackSingly(tx, claim, await holdBatch(tx, claim, now()), now());
    });
  }
  return true;
}

async function judgeBatch(
  { knex, now }: Pick<FlowPorts, 'knex' | 'now'>,
  claim: BatchClaim,
  trust: TrustInForce,
): Promise<void> {
  await knex.transaction(async tx => {
    const time = now();
    const held = await holdBatch(tx, claim, time);
    const newest = await newestGeneration(tx);
    if (newest?.generation !== trust.generation) {
      await giveBackBatch(tx, claim);
      return;
    }
    const { judged, leftOut } = await judgeAndSave(tx, held, trust, time, {
      onlyVerified: true,
    });
    await releaseBatch(
      tx,
      claim,
      held
        .filter(id => !leftOut.has(id))
        .map(id => ({ id, judgeAgainAt: judged.get(id)?.judgeAgainAt })),
      trust.generation,
    );
    await giveBackSingly(tx, claim, [...leftOut], time);
  });
}
