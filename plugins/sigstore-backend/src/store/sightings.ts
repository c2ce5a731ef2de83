import { Knex } from 'knex';
import { inChunks } from './chunks';
import { Database } from './database';
import { StoredInstant } from './instants';

/** What an artifact that evidence is about is to the one it was collected for. */
export type Relation = 'index' | 'platform';

/** Evidence seen for the artifact that a reference leads to now. */
export type Sighting = {
  referenceId: string;
  artifactDigest: string;
  /** Where it is about another artifact than the reference leads to. */
  relation?: Relation;
  evidenceDigest: string;
  /** Where it is now; nowhere when every source lost it. */
  sources: string[];
  /** Where it was looked for and is not any more. */
  lostBy: string[];
};

/**
 * Most evidence of one artifact that is remembered once it is gone. The oldest
 * counts: what somebody adds and takes away later does not push it out.
 */
const MAX_GONE = 256;

/** Most indexes of one image whose evidence is looked after. */
const MAX_INDEXES = 4;

/** Evidence of what some references lead to now: what is there, and what is gone. */
export async function readSightings(
  db: Database,
  referenceIds: string[],
): Promise<Sighting[]> {
  const rows: Row[] = await inChunks(referenceIds, ids => select(db, ids));
  const sightings = new Map<string, Sighting>();
  for (const row of rows) {
    const key = `${row.reference_id} ${row.evidence_digest} ${row.artifact_digest}`;
    const known = sightings.get(key) ?? {
      referenceId: row.reference_id,
      artifactDigest: row.artifact_digest,
      ...(row.relation ? { relation: row.relation } : {}),
      evidenceDigest: row.evidence_digest,
      sources: [],
      lostBy: [],
    };
    sightings.set(key, known);
    (row.gone_at === null ? known.sources : known.lostBy).push(row.source);
  }
  return [...sightings.values()];
}

/** Narrows a query over sightings to what was collected for an artifact. */
export function ofArtifact<T extends Knex.QueryBuilder>(
  query: T,
  digest: string | Knex.QueryBuilder,
): T {
  query.whereRaw(
    'coalesce(sightings.for_digest, sightings.artifact_digest) = (?)',
    [digest],
  );
  return query;
}

/**
 * Indexes that were seen to list an artifact, by their digests, newest first.
 * That does not change when a tag moves on: an index has the bytes it has.
 */
export async function readKnownIndexes(
  db: Database,
  target: { referenceId: string; artifactDigest: string },
): Promise<string[]> {
  const rows: { digest: string }[] = await db('sightings')
    .select({ digest: 'artifact_digest' })
    .where({
      reference_id: target.referenceId,
      for_digest: target.artifactDigest,
      relation: 'index',
    })
    .groupBy('artifact_digest')
    .orderByRaw('max(last_seen_at) desc')
    .limit(MAX_INDEXES);
  return rows.map(({ digest }) => digest);
}

type Row = {
  evidence_digest: string;
  artifact_digest: string;
  relation: Relation | null;
  reference_id: string;
  source: string;
  gone_at: StoredInstant | null;
};

// Evidence that one source lost and another has is counted twice here, which
// matters only beyond the limit.
function select(db: Database, referenceIds: string[]) {
  const isGone = 'case when sightings.gone_at is null then 0 else 1 end';
  const current = db('artifact_references')
    .select('digest')
    .whereRaw('artifact_references.id = sightings.reference_id');
  const ofCurrentDigest = ofArtifact(db('sightings'), current)
    .select(
      'evidence_digest',
      'artifact_digest',
      'relation',
      'reference_id',
      'source',
      'gone_at',
    )
    .select(
      db.raw(
        `row_number() over (
          partition by reference_id, ${isGone}
          order by first_seen_at, evidence_digest, source) as age`,
      ),
    )
    .whereNull('gone_because')
    .whereIn('sightings.reference_id', referenceIds);
  return db
    .from(ofCurrentDigest.as('seen'))
    .whereNull('gone_at')
    .orWhere('age', '<=', MAX_GONE)
    .orderBy(['reference_id', 'evidence_digest', 'source']);
}
