import {
  LogEntryRecord,
  SignerSummary,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Database, members } from './database';
import { FactScope, inForce } from './facts';
import { StoredInstant, toOptionalInstant } from './instants';

/**
 * Entities whose evidence a caller may see; absent: all. Evidence of an artifact
 * counts when such an entity brought it here for that artifact, now or earlier:
 * another one may have brought other evidence of the same artifact.
 */
export type EntityFilter = ReadonlySet<string> | undefined;

/** Entities that ever declared something. */
export async function declaringEntities(db: Database): Promise<string[]> {
  return db('declarations').distinct('entity_ref').pluck('entity_ref');
}

function countingFacts(db: Database, scope: FactScope, entities: EntityFilter) {
  const facts = inForce(db, scope);
  if (!entities) return facts;
  return facts.whereExists(
    db('sightings')
      .select(db.raw('1'))
      .join(
        'declarations',
        'declarations.reference_id',
        'sightings.reference_id',
      )
      .whereRaw('sightings.evidence_digest = facts.evidence_digest')
      .whereRaw('sightings.artifact_digest = facts.artifact_digest')
      .whereIn('declarations.entity_ref', members(db, entities)),
  );
}

type SignerRow = {
  id: string;
  trusted_root: string;
  issuer: string;
  identity: string;
  first: StoredInstant | null;
  last: StoredInstant | null;
  artifacts: number | string;
};

/**
 * Signers of everything verified, those that signed last first. Counts and times
 * cover what the filter leaves only.
 */
export async function readSigners(
  db: Database,
  scope: FactScope,
  query: { id?: string; identity?: string; issuer?: string },
  entities: EntityFilter,
  limit: number,
): Promise<SignerSummary[]> {
  const columns = [
    'signers.id',
    'signers.trusted_root',
    'signers.issuer',
    'signers.identity',
  ];
  const rows = countingFacts(db, scope, entities)
    .join('signers', 'signers.id', 'facts.signer_id')
    .select(columns)
    .min({ first: 'facts.signed_at' })
    .max({ last: 'facts.signed_at' })
    .countDistinct({ artifacts: 'facts.artifact_digest' })
    .groupBy(columns)
    .orderByRaw('max(facts.signed_at) is null, max(facts.signed_at) desc')
    .orderBy('signers.id')
    .limit(limit);
  for (const [column, value] of Object.entries(query)) {
    if (value !== undefined) rows.where(`signers.${column}`, value);
  }
  return (await rows).map(row => toSummary(row as SignerRow));
}

function toSummary(row: SignerRow): SignerSummary {
  const first = toOptionalInstant(row.first);
  const last = toOptionalInstant(row.last);
  return {
    id: row.id,
    trustedRoot: row.trusted_root,
    issuer: row.issuer,
    identity: row.identity,
    ...(first ? { firstSignedAt: first } : {}),
    ...(last ? { lastSignedAt: last } : {}),
    artifacts: Number(row.artifacts),
  };
}

/** Sound verifications of one signer, newest signature first. */
export async function readSignedBy(
  db: Database,
  scope: FactScope,
  signerId: string,
  entities: EntityFilter,
  limit: number,
): Promise<{ verification: Verification; signedAt?: string }[]> {
  const rows = await countingFacts(db, scope, entities)
    .select('verification', 'signed_at')
    .where({ signer_id: signerId })
    .orderByRaw('facts.signed_at is null, facts.signed_at desc')
    .limit(limit);
  return rows.map(row => ({
    verification: JSON.parse(row.verification),
    signedAt: toOptionalInstant(row.signed_at),
  }));
}

/** Log entries of what was verified, newest first. */
export async function readLogEntries(
  db: Database,
  scope: FactScope,
  query: { digest?: string; identity?: string },
  entities: EntityFilter,
  limit: number,
): Promise<LogEntryRecord[]> {
  const rows = await selectLogEntries(db, scope, query, entities, limit);
  return rows.map(row => ({
    ...JSON.parse(row.entry),
    digest: row.artifact_digest,
    evidenceDigest: row.evidence_digest,
    signer: {
      id: row.signer_id,
      trustedRoot: row.trusted_root,
      issuer: row.issuer,
      identity: row.identity,
    },
  }));
}

function selectLogEntries(
  db: Database,
  scope: FactScope,
  query: { digest?: string; identity?: string },
  entities: EntityFilter,
  limit: number,
) {
  const rows = countingFacts(db, scope, entities)
    .join('log_entries', join =>
      join
        .on('log_entries.evidence_digest', 'facts.evidence_digest')
        .andOn('log_entries.artifact_digest', 'facts.artifact_digest')
        .andOn('log_entries.signer_id', 'facts.signer_id'),
    )
    .join('signers', 'signers.id', 'log_entries.signer_id')
    .distinct(
      'log_entries.log_id',
      'log_entries.log_index',
      'log_entries.entry',
      'log_entries.recorded_at',
      'log_entries.artifact_digest',
      'log_entries.evidence_digest',
      'log_entries.signer_id',
      'signers.trusted_root',
      'signers.issuer',
      'signers.identity',
    )
    .orderBy('log_entries.recorded_at', 'desc')
    .limit(limit);
  if (query.digest) rows.where('log_entries.artifact_digest', query.digest);
  if (query.identity) rows.where('signers.identity', query.identity);
  return rows;
}
