import {
  EvidenceReport,
  Lookup,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { CollectedEvidence } from '@cloudythings/sigstore-engine';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { Database } from './database';
import { inOrder } from './identifiers';
import { toInstant, toOptionalInstant } from './instants';
import { answered } from './lookups';
import { storable } from './storable';

const compress = promisify<Buffer, Buffer>(deflate);
const expand = promisify<Buffer, Buffer>(inflate);

/** A collected piece of evidence with its bytes ready to be stored. */
export type CompressedEvidence = CollectedEvidence & { compressed: Buffer };

/** Compresses evidence; done before a transaction begins, to keep that short. */
export async function compressEvidence(
  evidence: CollectedEvidence[],
): Promise<CompressedEvidence[]> {
  return Promise.all(
    evidence.map(async item => ({
      ...item,
      compressed: await compress(item.bytes),
    })),
  );
}

/**
 * Records evidence and where it was seen. What was seen earlier counts as gone
 * only when the source it came from answered, or when all of them did.
 */
export async function saveEvidence(
  tx: Database,
  target: { referenceId: string; artifactDigest: string },
  found: CompressedEvidence[],
  lookups: Lookup[],
  now: Date,
): Promise<void> {
  // One order for all writers, so that two transactions never wait for each other.
  for (const item of inOrder(found, evidence => evidence.digest)) {
    await tx('evidence')
      .insert({
        digest: item.digest,
        media_type: storable(item.mediaType),
        size: item.bytes.length,
        bytes: item.compressed,
        first_seen_at: now,
      })
      .onConflict('digest')
      .ignore();
    await tx('sightings')
      .insert({
        evidence_digest: item.digest,
        artifact_digest: item.artifactDigest,
        reference_id: target.referenceId,
        source: item.source,
        first_seen_at: now,
        last_seen_at: now,
      })
      .onConflict([
        'evidence_digest',
        'artifact_digest',
        'reference_id',
        'source',
      ])
      .merge({ last_seen_at: now, gone_at: null });
  }
  const gone = tx('sightings')
    .where({
      reference_id: target.referenceId,
      artifact_digest: target.artifactDigest,
    })
    .where('last_seen_at', '<', now)
    .whereNull('gone_at');
  if (!lookups.every(lookup => answered(lookup.outcome))) {
    const sources = lookups
      .filter(lookup => answered(lookup.outcome))
      .map(lookup => lookup.source);
    gone.whereIn('source', sources);
  }
  await gone.update({ gone_at: now });
}

/** Digests of the evidence seen for an artifact through a reference and not gone. */
export async function sightedEvidence(
  db: Database,
  target: { referenceId: string; artifactDigest: string },
): Promise<string[]> {
  return db('sightings')
    .distinct('evidence_digest')
    .where({
      reference_id: target.referenceId,
      artifact_digest: target.artifactDigest,
    })
    .whereNull('gone_at')
    .orderBy('evidence_digest')
    .pluck('evidence_digest');
}

/** Reads one piece of evidence with its bytes as they were found. */
export async function readEvidence(
  db: Database,
  digest: string,
): Promise<{ digest: string; mediaType: string; bytes: Buffer } | undefined> {
  const row = await db('evidence').where({ digest }).first();
  if (!row) return undefined;
  return {
    digest,
    mediaType: row.media_type,
    bytes: await expand(row.bytes),
  };
}

/** Describes evidence and where it was seen, without its bytes. */
export async function describeSightings(
  db: Database,
  evidenceDigests: string[],
  filter: { referenceIds?: string[]; artifactDigest?: string } = {},
): Promise<Omit<EvidenceReport, 'verifications'>[]> {
  const rows = await db('evidence')
    .select('digest', 'media_type', 'size')
    .whereIn('digest', evidenceDigests)
    .orderBy('digest');
  const sightings = db('sightings')
    .whereIn('evidence_digest', evidenceDigests)
    .orderBy('first_seen_at');
  if (filter.referenceIds) {
    sightings.whereIn('reference_id', filter.referenceIds);
  }
  if (filter.artifactDigest) {
    sightings.where({ artifact_digest: filter.artifactDigest });
  }
  const seen = await sightings;
  return rows.map(row => ({
    digest: row.digest,
    mediaType: row.media_type,
    size: row.size,
    sightings: seen
      .filter(sighting => sighting.evidence_digest === row.digest)
      .map(sighting => {
        const goneAt = toOptionalInstant(sighting.gone_at);
        return {
          source: sighting.source,
          firstSeenAt: toInstant(sighting.first_seen_at),
          lastSeenAt: toInstant(sighting.last_seen_at),
          ...(goneAt ? { goneAt } : {}),
        };
      }),
  }));
}
