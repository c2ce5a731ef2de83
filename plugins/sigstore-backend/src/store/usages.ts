import { Database } from './database';

/** Evidence seen for an artifact through a reference that an entity declared. */
export type Usage = {
  evidenceDigest: string;
  artifactDigest: string;
  referenceId: string;
  entityRef: string;
};

/**
 * Which entities brought a piece of evidence here: now or, since signatures are
 * history, earlier. Decides whether a caller may see it.
 */
export async function readUsages(
  db: Database,
  evidenceDigest: string,
): Promise<Usage[]> {
  const rows = await db('sightings')
    .join('declarations', 'declarations.reference_id', 'sightings.reference_id')
    .distinct(
      'sightings.evidence_digest',
      'sightings.artifact_digest',
      'sightings.reference_id',
      'declarations.entity_ref',
    )
    .where('sightings.evidence_digest', evidenceDigest);
  return rows.map(row => ({
    evidenceDigest: row.evidence_digest,
    artifactDigest: row.artifact_digest,
    referenceId: row.reference_id,
    entityRef: row.entity_ref,
  }));
}
