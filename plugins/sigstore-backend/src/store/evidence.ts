import {
  EvidenceReport,
  Lookup,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  CollectedEvidence,
  ResolvedArtifact,
  placeOfSource,
} from '@cloudythings/sigstore-engine';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { Database } from './database';
import { inOrder } from './identifiers';
import { toInstant, toOptionalInstant } from './instants';
import { Relation, ofArtifact } from './sightings';
import { answered } from './lookups';
import { storable } from './storable';

const compress = promisify<Buffer, Buffer>(deflate);
const expand = promisify<Buffer, Buffer>(inflate);

/** How much of what one source had before is read, as much as it may give. */
const EARLIER = { listed: 1024, read: 64, bytes: 32 * 1024 * 1024 };

type Relatives = Pick<ResolvedArtifact, 'digest' | 'parents'>;

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
 * only when the source it came from answered. When all of them did, what came
 * from one that nobody asks any more is left behind: not there, and not missed,
 * either. A log, whose search may be off for good, keeps only its own.
 *
 * @param target - `artifact`: what the evidence was collected for
 */
export async function saveEvidence(
  tx: Database,
  target: { referenceId: string; artifact: Relatives },
  found: CompressedEvidence[],
  lookups: Lookup[],
  now: Date,
): Promise<void> {
  const { referenceId, artifact } = target;
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
    const relation = relationOf(item, artifact);
    const related = {
      for_digest: relation ? artifact.digest : null,
      relation: relation ?? null,
    };
    await tx('sightings')
      .insert({
        evidence_digest: item.digest,
        artifact_digest: item.artifactDigest,
        reference_id: referenceId,
        source: item.source,
        first_seen_at: now,
        last_seen_at: now,
        ...related,
      })
      .onConflict([
        'evidence_digest',
        'artifact_digest',
        'reference_id',
        'source',
      ])
      .merge({
        last_seen_at: now,
        gone_at: null,
        gone_because: null,
        ...related,
      });
  }
  await endSightings(tx, target, lookups, now);
}

async function endSightings(
  tx: Database,
  { referenceId, artifact }: { referenceId: string; artifact: Relatives },
  lookups: Lookup[],
  now: Date,
): Promise<void> {
  const unseen = () =>
    ofArtifact(tx('sightings'), artifact.digest)
      .where({ reference_id: referenceId })
      .where('last_seen_at', '<', now);
  const namesOf = (some: Lookup[]) => some.map(({ source }) => source);
  const silent = lookups.filter(({ outcome }) => !answered(outcome));
  const spoke = lookups.filter(({ outcome }) => answered(outcome));
  await unseen()
    .whereIn('source', namesOf(spoke))
    .where(open => open.whereNull('gone_at').orWhereNotNull('gone_because'))
    .update({ gone_at: now, gone_because: null });
  if (!silent.every(isLogSearch)) return;
  await unseen()
    .whereNotIn('source', namesOf(lookups))
    .whereNull('gone_at')
    .update({ gone_at: now, gone_because: 'not-asked' });
}

function isLogSearch({ source }: Lookup): boolean {
  return placeOfSource(source) === 'transparency-log';
}

function relationOf(
  { artifactDigest }: CollectedEvidence,
  { digest, parents = [] }: Relatives,
): Relation | undefined {
  if (artifactDigest === digest) return undefined;
  return parents.includes(artifactDigest) ? 'index' : 'platform';
}

/**
 * The evidence seen for an artifact through a reference and not gone, with the
 * artifact that it was attached to: this one, its index, or a platform of it.
 */
export async function sightedEvidence(
  db: Database,
  target: { referenceId: string; artifactDigest: string },
): Promise<{ evidenceDigest: string; artifactDigest: string }[]> {
  return ofArtifact(db('sightings'), target.artifactDigest)
    .distinct({
      evidenceDigest: 'evidence_digest',
      artifactDigest: 'artifact_digest',
    })
    .where({ reference_id: target.referenceId })
    .whereNull('gone_at')
    .orderBy('evidence_digest');
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

/**
 * Reads what a source had for an artifact before, be it gone or not. Of much,
 * what is known to hold, then what was seen first.
 */
export async function readEvidenceFrom(
  db: Database,
  source: string,
  target: {
    referenceId: string;
    artifactDigest: string;
    known: ReadonlySet<string>;
  },
): Promise<{ digest: string; mediaType: string; bytes: Buffer }[]> {
  const { referenceId, artifactDigest, known } = target;
  const rows: { digest: string; size: number }[] = await db('sightings')
    .join('evidence', 'evidence.digest', 'sightings.evidence_digest')
    .where({
      source,
      reference_id: referenceId,
      artifact_digest: artifactDigest,
    })
    .orderBy(['sightings.first_seen_at', 'evidence.digest'])
    .limit(EARLIER.listed)
    .select('evidence.digest', 'evidence.size');
  const first = rows.filter(({ digest }) => known.has(digest));
  const then = rows.filter(({ digest }) => !known.has(digest));
  let left = EARLIER.bytes;
  const read = [];
  for (const { digest, size } of [...first, ...then].slice(0, EARLIER.read)) {
    left -= size;
    if (left < 0) break;
    const evidence = await readEvidence(db, digest);
    if (evidence) read.push(evidence);
  }
  return read;
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
    ofArtifact(sightings, filter.artifactDigest);
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
