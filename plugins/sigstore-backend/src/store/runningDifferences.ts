import { Database } from './database';

/**
 * Known entities whose rows that run are not what is seen running for them. Every
 * writer here keeps both the same; replicas of a release that knows nothing of
 * what runs end rows that nobody declares.
 */
export async function entitiesThatDiffer(db: Database): Promise<string[]> {
  const running = db('declarations')
    .select('artifact_id')
    .where({ running: true })
    .whereNull('gone_at');
  const seen = db('running_observations')
    .select('artifact_id')
    .whereNull('gone_at');
  const missing = db('running_observations')
    .select('entity_ref')
    .whereNull('gone_at')
    .whereNotIn('artifact_id', running);
  const left = db('declarations')
    .select('entity_ref')
    .where({ running: true })
    .whereNull('gone_at')
    .whereNotIn('artifact_id', seen);
  return db('entity_statuses')
    .whereNull('gone_at')
    .where(known =>
      known.whereIn('entity_ref', missing).orWhereIn('entity_ref', left),
    )
    .orderBy('entity_ref')
    .pluck('entity_ref');
}
