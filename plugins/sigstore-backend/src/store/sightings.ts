import { inChunks } from './chunks';
import { Database } from './database';

/** Evidence seen for the artifact that a reference leads to now. */
export type Sighting = {
  referenceId: string;
  artifactDigest: string;
  evidenceDigest: string;
  /** Where it is now; nowhere when every source lost it. */
  sources: string[];
};

/**
 * Most evidence of one artifact that is remembered once it is gone. The oldest
 * counts: what somebody adds and takes away later does not push it out.
 */
const MAX_GONE = 256;

/** Evidence of what some references lead to now: what is there, then what is gone. */
export async function readSightings(
  db: Database,
  referenceIds: string[],
): Promise<Sighting[]> {
  const there = await inChunks(referenceIds, ids =>
    ofCurrentDigest(db, ids)
      .select('evidence_digest', 'artifact_digest', 'reference_id', 'source')
      .whereNull('sightings.gone_at')
      .orderBy(['reference_id', 'evidence_digest', 'source']),
  );
  const sightings = new Map<string, Sighting>();
  for (const row of there) {
    const key = `${row.reference_id} ${row.evidence_digest}`;
    const known = sightings.get(key);
    if (known) known.sources.push(row.source);
    else sightings.set(key, { ...named(row), sources: [row.source] });
  }
  const gone = await inChunks(referenceIds, ids => selectGone(db, ids));
  return [
    ...sightings.values(),
    ...gone.map(row => ({ ...named(row), sources: [] })),
  ];
}

type Row = {
  evidence_digest: string;
  artifact_digest: string;
  reference_id: string;
};

function named(row: Row): Omit<Sighting, 'sources'> {
  return {
    referenceId: row.reference_id,
    artifactDigest: row.artifact_digest,
    evidenceDigest: row.evidence_digest,
  };
}

function ofCurrentDigest(db: Database, referenceIds: string[]) {
  return db('sightings')
    .join('artifact_references', join =>
      join
        .on('artifact_references.id', 'sightings.reference_id')
        .on('artifact_references.digest', 'sightings.artifact_digest'),
    )
    .whereIn('sightings.reference_id', referenceIds);
}

async function selectGone(
  db: Database,
  referenceIds: string[],
): Promise<Row[]> {
  const gone = ofCurrentDigest(db, referenceIds)
    .select('evidence_digest', 'artifact_digest', 'reference_id')
    .select(
      db.raw(
        'row_number() over (partition by reference_id order by min(first_seen_at), evidence_digest) as age',
      ),
    )
    .groupBy('evidence_digest', 'artifact_digest', 'reference_id')
    .havingRaw('count(case when sightings.gone_at is null then 1 end) = 0');
  return db
    .select('evidence_digest', 'artifact_digest', 'reference_id')
    .from(gone.as('gone'))
    .where('age', '<=', MAX_GONE)
    .orderBy(['reference_id', 'evidence_digest']);
}
