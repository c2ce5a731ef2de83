import { Database, members } from './database';
import { RollUp } from './entityStatuses';
import { nextChangedSeq } from './statusChanges';

/**
 * Writes roll-ups; only a change of status is announced to the catalog.
 *
 * @param tx - a transaction that holds the rows of the entities
 */
export async function saveRollUps(
  tx: Database,
  rollUps: ReadonlyMap<string, RollUp>,
): Promise<void> {
  const before = await statusesOf(tx, [...rollUps.keys()]);
  const isChanged = ([ref, status]: [string, string]) =>
    rollUps.get(ref)!.status !== status;
  let seq = [...before].some(isChanged) ? await nextChangedSeq(tx) : 0;
  for (const [entityRef, status] of before) {
    const rollUp = rollUps.get(entityRef)!;
    await tx('entity_statuses')
      .where({ entity_ref: entityRef })
      .update({
        status: rollUp.status,
        mode: rollUp.mode ?? null,
        counts: JSON.stringify(rollUp.counts),
        total: rollUp.total,
        decided_at: rollUp.decidedAt ? new Date(rollUp.decidedAt) : null,
        ...(status === rollUp.status ? {} : { changed_seq: seq++ }),
      });
  }
}

async function statusesOf(
  tx: Database,
  entityRefs: string[],
): Promise<Map<string, string>> {
  const rows: { entity_ref: string; status: string }[] = await tx(
    'entity_statuses',
  )
    .select('entity_ref', 'status')
    .whereIn('entity_ref', members(tx, entityRefs));
  return new Map(rows.map(row => [row.entity_ref, row.status]));
}
