import { FlowProgress } from '@cloudythings/backstage-plugin-sigstore-common';
import { inChunks } from './chunks';
import { Database } from './database';
import { toOptionalInstant } from './instants';
import { CATALOG_SUBJECT } from './lookups';
import { newestGeneration } from './trustGenerations';

/** Entities that declare something now. */
export async function declaringEntityRefs(db: Database): Promise<string[]> {
  return db('declarations')
    .whereNull('gone_at')
    .distinct('entity_ref')
    .pluck('entity_ref');
}

/**
 * How far the background work is.
 *
 * @param entityRefs - counts only what these declare; without them everything
 */
export async function readProgress(
  db: Database,
  now: Date,
  entityRefs?: string[],
): Promise<FlowProgress> {
  const policyGeneration = (await newestGeneration(db))?.generation ?? 0;
  const catalog = await db('lookups')
    .select('last_good_at')
    .where({ subject: CATALOG_SUBJECT })
    .whereNull('superseded_at')
    .first();
  const all = () => countReferences(db, now, policyGeneration);
  const counts = entityRefs
    ? await inChunks(await declaredBy(db, entityRefs), ids =>
        all().whereIn('id', ids),
      )
    : await all();
  const total = (name: 'active' | 'pending' | 'due') =>
    counts.reduce((sum, row) => sum + Number(row[name]), 0);
  return {
    discoveredAt: toOptionalInstant(catalog?.last_good_at),
    references: total('active'),
    pending: total('pending'),
    due: total('due'),
    policyGeneration,
  };
}

async function declaredBy(
  db: Database,
  entityRefs: string[],
): Promise<string[]> {
  const ids: string[] = await inChunks(entityRefs, refs =>
    db('declarations')
      .whereIn('entity_ref', refs)
      .whereNull('gone_at')
      .distinct('reference_id')
      .pluck('reference_id'),
  );
  return [...new Set(ids)];
}

function countReferences(db: Database, now: Date, generation: number) {
  return db('artifact_references')
    .whereNotNull('next_check_at')
    .count({
      active: '*',
      pending: db.raw('case when checked_at is null then 1 end'),
    })
    .count({
      due: db.raw(
        'case when next_check_at <= ? or next_judge_at <= ? or judged_generation < ? then 1 end',
        [now, now, generation],
      ),
    });
}
