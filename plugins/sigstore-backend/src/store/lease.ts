import { ArtifactKind } from '@cloudythings/backstage-plugin-sigstore-common';
import { randomUUID } from 'node:crypto';
import { Database, isPostgres } from './database';

/** A reference that this replica works on until the lease ends. */
export type Claim = {
  id: string;
  kind: ArtifactKind;
  reference: string;
  /** Name of the credentials it is asked with; empty for none. */
  access: string;
  /** Whether sources are due to be asked; else only judging is due. */
  checkDue: boolean;
  claimedBy: string;
  /** When it was due, as seen while claiming; tells later what became due since. */
  due: { checkAt: Date; judgeAt?: Date };
};

/** Somebody else may have taken the work over; nothing more may be written. */
export class LeaseLostError extends Error {
  constructor(claim: Claim) {
    super(`The lease on ${claim.reference} ended before the work did`);
    this.name = 'LeaseLostError';
  }
}

/**
 * Takes the reference that is due longest, in one statement, so that no other
 * replica takes it too. Due is what should be looked up again, judged again, or
 * was judged under an older generation of policies and trusted roots.
 */
export async function claimReference(
  db: Database,
  options: { now: Date; leaseMs: number; generation: number },
): Promise<Claim | undefined> {
  const { now, leaseMs, generation } = options;
  const claimedBy = randomUUID();
  const due = db('artifact_references')
    .select('id')
    .whereNotNull('next_check_at')
    .where(builder =>
      builder
        .where('next_check_at', '<=', now)
        .orWhere('next_judge_at', '<=', now)
        .orWhere('judged_generation', '<', generation),
    )
    .where(builder =>
      builder.whereNull('claimed_until').orWhere('claimed_until', '<', now),
    )
    .orderBy('next_check_at')
    .limit(1);
  if (isPostgres(db)) due.forUpdate().skipLocked();
  const rows = await db('artifact_references')
    .whereIn('id', due)
    .update({
      claimed_by: claimedBy,
      claimed_until: new Date(now.getTime() + leaseMs),
    })
    .returning([
      'id',
      'kind',
      'reference',
      'access',
      'next_check_at',
      'next_judge_at',
    ]);
  if (rows.length === 0) return undefined;
  const [row] = rows;
  const checkAt = new Date(row.next_check_at);
  return {
    id: row.id,
    kind: row.kind,
    reference: row.reference,
    access: row.access,
    checkDue: checkAt <= now,
    claimedBy,
    due: {
      checkAt,
      ...(row.next_judge_at ? { judgeAt: new Date(row.next_judge_at) } : {}),
    },
  };
}

/**
 * First statement of every transaction that writes results: holds the row, and
 * fails when the lease is no longer ours.
 *
 * @throws LeaseLostError
 */
export async function assertLease(
  tx: Database,
  claim: Claim,
  now: Date,
): Promise<void> {
  const held = await tx('artifact_references')
    .where({ id: claim.id, claimed_by: claim.claimedBy })
    .where('claimed_until', '>', now)
    .update({ claimed_by: claim.claimedBy });
  if (held === 0) throw new LeaseLostError(claim);
}

/**
 * Ends a lease and says when the reference is due next. What became due while
 * the work went on stays due.
 */
export async function releaseLease(
  tx: Database,
  claim: Claim,
  next: { checkAt?: Date; judgeAt?: Date; judgedGeneration: number },
): Promise<void> {
  const { due } = claim;
  await tx('artifact_references')
    .where({ id: claim.id, claimed_by: claim.claimedBy })
    .update({
      claimed_by: null,
      claimed_until: null,
      judged_generation: next.judgedGeneration,
      next_judge_at: unlessChanged(
        tx,
        'next_judge_at',
        due.judgeAt,
        next.judgeAt,
      ),
      ...(next.checkAt
        ? {
            next_check_at: unlessChanged(
              tx,
              'next_check_at',
              due.checkAt,
              next.checkAt,
            ),
          }
        : {}),
    });
}

// Compares with what was seen while claiming and not with a clock: a writer may
// have taken its time before the claim and written it after.
function unlessChanged(
  tx: Database,
  column: string,
  seen: Date | undefined,
  next: Date | undefined,
) {
  return seen
    ? tx.raw('case when ?? = ? then ? else ?? end', [
        column,
        seen,
        next ?? null,
        column,
      ])
    : tx.raw('case when ?? is null then ? else ?? end', [
        column,
        next ?? null,
        column,
      ]);
}

/** Gives a lease back before the work is done; what was due is due at once. */
export async function giveBackLease(db: Database, claim: Claim): Promise<void> {
  await db('artifact_references')
    .where({ id: claim.id, claimed_by: claim.claimedBy })
    .update({ claimed_by: null, claimed_until: null });
}

/**
 * Gives a lease back after a failure and postpones the work, so that one bad
 * item is neither lost nor tried in a tight loop. What became due meanwhile or
 * becomes due before then is not held up: a wish to check now, or policies newer
 * than the generation that was worked with.
 */
export async function postpone(
  db: Database,
  claim: Claim,
  until: Date,
  generation: number,
): Promise<void> {
  const { judgeAt } = claim.due;
  await releaseLease(db, claim, {
    judgedGeneration: generation,
    judgeAt: judgeAt && judgeAt > until ? judgeAt : until,
    ...(claim.checkDue ? { checkAt: until } : {}),
  });
}

/**
 * Holds the rows of references until the transaction ends, whoever has the
 * lease. Every transaction takes references first, then entities, then what
 * belongs to them.
 */
export async function lockReferences(
  tx: Database,
  referenceIds: string[],
): Promise<void> {
  if (!isPostgres(tx)) return;
  await tx('artifact_references')
    .select('id')
    .whereIn('id', referenceIds)
    .orderBy('id')
    .forUpdate();
}

/** Lengthens a lease while the work goes on. */
export async function renewLease(
  db: Database,
  claim: Claim,
  until: Date,
): Promise<void> {
  await db('artifact_references')
    .where({ id: claim.id, claimed_by: claim.claimedBy })
    .update({ claimed_until: until });
}
