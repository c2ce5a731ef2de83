import { randomUUID } from 'node:crypto';
import { eachChunk } from './chunks';
import { Database, isPostgres } from './database';
import { lockReferences } from './lease';

/** References that this replica judges together until the lease ends. */
export type BatchClaim = {
  claimedBy: string;
  /** When each was due for judging by its time, as seen while claiming. */
  dueAt: ReadonlyMap<string, number | undefined>;
};

/** A reference of a batch that was judged. */
export type JudgedReference = { id: string; judgeAgainAt?: string };

const millis = (instant: Date | number | string | null) =>
  instant === null ? undefined : new Date(instant).getTime();

/**
 * Takes references that only wait to be judged under the generation in force,
 * in one statement, so that no other replica takes them too. What is due for
 * anything else is left to `claimReference`.
 */
export async function claimBatch(
  db: Database,
  options: { now: Date; leaseMs: number; generation: number; limit: number },
): Promise<BatchClaim | undefined> {
  const { now, leaseMs, generation, limit } = options;
  const claimedBy = randomUUID();
  const waiting = db('artifact_references')
    .select('id')
    .where('judged_generation', '<', generation)
    .where('next_check_at', '>', now)
    .where(builder =>
      builder.whereNull('next_judge_at').orWhere('next_judge_at', '>', now),
    )
    .where(builder =>
      builder.whereNull('claimed_until').orWhere('claimed_until', '<', now),
    )
    .limit(limit);
  if (isPostgres(db)) waiting.forUpdate().skipLocked();
  const rows = await db('artifact_references')
    .whereIn('id', waiting)
    .update({
      claimed_by: claimedBy,
      claimed_until: new Date(now.getTime() + leaseMs),
    })
    .returning(['id', 'next_judge_at']);
  if (rows.length === 0) return undefined;
  return {
    claimedBy,
    dueAt: new Map(rows.map(row => [row.id, millis(row.next_judge_at)])),
  };
}

/**
 * Holds those references of a batch whose lease is still ours until the
 * transaction ends. First statement of the transaction that writes results.
 */
export async function holdBatch(
  tx: Database,
  claim: BatchClaim,
  now: Date,
): Promise<string[]> {
  const ids = [...claim.dueAt.keys()];
  await lockReferences(tx, ids);
  return tx('artifact_references')
    .whereIn('id', ids)
    .where({ claimed_by: claim.claimedBy })
    .where('claimed_until', '>', now)
    .pluck('id');
}

/** Ends the lease on what was judged. What became due since stays due. */
export async function releaseBatch(
  tx: Database,
  claim: BatchClaim,
  judged: JudgedReference[],
  generation: number,
): Promise<void> {
  const rows = await tx('artifact_references')
    .select('id', 'next_judge_at')
    .whereIn('id', [...claim.dueAt.keys()]);
  const isAsSeen = new Map(
    rows.map(row => [
      row.id,
      millis(row.next_judge_at) === claim.dueAt.get(row.id),
    ]),
  );
  const free = { claimed_by: null, claimed_until: null };
  const write = (ids: string[], next: object) =>
    eachChunk(ids, chunk =>
      tx('artifact_references')
        .whereIn('id', chunk)
        .update({ ...free, judged_generation: generation, ...next }),
    );
  const times = new Map<string | undefined, string[]>();
  const changed: string[] = [];
  for (const { id, judgeAgainAt } of judged) {
    if (isAsSeen.get(id)) {
      times.set(judgeAgainAt, [...(times.get(judgeAgainAt) ?? []), id]);
    } else {
      changed.push(id);
    }
  }
  await write(changed, {});
  for (const [time, ids] of times) {
    await write(ids, { next_judge_at: time ? new Date(time) : null });
  }
}

/**
 * Gives references of a batch back, each to be taken on its own: what has to be
 * verified first, and all of a batch that could not be written.
 */
export async function giveBackSingly(
  db: Database,
  claim: BatchClaim,
  ids: string[],
  now: Date,
): Promise<void> {
  await eachChunk([...ids].sort(), chunk =>
    db('artifact_references')
      .whereIn('id', chunk)
      .where({ claimed_by: claim.claimedBy })
      .update({ claimed_by: null, claimed_until: null, next_judge_at: now }),
  );
}

/** Gives a batch back as it was, for whoever holds the trust in force. */
export async function giveBackBatch(
  db: Database,
  claim: BatchClaim,
): Promise<void> {
  await db('artifact_references')
    .whereIn('id', [...claim.dueAt.keys()])
    .where({ claimed_by: claim.claimedBy })
    .update({ claimed_by: null, claimed_until: null });
}
