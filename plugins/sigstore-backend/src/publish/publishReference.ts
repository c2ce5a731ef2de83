import { Knex } from 'knex';
import { judgeDeclaration, readBasis } from '../flow/judgeReference';
import { declarationsOfReferences } from '../store/declarations';
import { lockEntities, readEntities } from '../store/entityStatuses';
import { Claim, assertLease, releaseLease } from '../store/lease';
import { newestGeneration } from '../store/trustGenerations';
import { saveVerdict } from '../store/verdicts';
import { TrustInForce } from '../trust/TrustKeeper';
import { rebuildEntityStatus } from './rebuildEntityStatus';

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
    const declarations = await declarationsOfReferences(tx, [claim.id]);
    const refs = [...new Set(declarations.map(item => item.entityRef))].sort();
    await lockEntities(tx, refs);
    const entities = await readEntities(tx, refs);
    const basis = await readBasis(tx, claim.id, trust.set);
    const decisions = declarations.map(declaration =>
      judgeDeclaration(
        declaration,
        entities.get(declaration.entityRef),
        basis,
        trust.set,
        now,
      ),
    );
    for (const { declaration, ...decision } of decisions) {
      const { generation } = trust;
      await saveVerdict(tx, declaration, { ...decision, generation }, now);
    }
    for (const ref of refs) await rebuildEntityStatus(tx, ref);
    const judgeAgainAt = decisions
      .flatMap(({ verdict }) => verdict.judgeAgainAt ?? [])
      .sort()[0];
    const couldCheck = decisions.every(
      ({ verdict }) => verdict.status !== 'could-not-check',
    );
    await releaseLease(tx, claim, {
      judgedGeneration: trust.generation,
      ...(judgeAgainAt ? { judgeAt: new Date(judgeAgainAt) } : {}),
      ...(claim.checkDue ? { checkAt: nextCheck(couldCheck) } : {}),
    });
  });
}
