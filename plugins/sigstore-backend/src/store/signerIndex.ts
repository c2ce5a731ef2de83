import {
  LogEntryRecord,
  SignerSummary,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Database } from './database';
import { FactScope, inForce } from './facts';
import { StoredInstant, toOptionalInstant } from './instants';

/** Narrows the index to artifacts that a caller may see; absent: all. */
export type ArtifactFilter = ReadonlySet<string> | undefined;

/** Below what SQLite and PostgreSQL take as parameters of one statement. */
const CHUNK = 10_000;

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
 * cover the artifacts of the filter only.
 */
export async function readSigners(
  db: Database,
  scope: FactScope,
  query: { id?: string; identity?: string; issuer?: string },
  artifacts: ArtifactFilter,
  limit: number,
): Promise<SignerSummary[]> {
  const signers = new Map<string, SignerSummary>();
  for (const digests of chunks(artifacts)) {
    for (const row of await groupBySigner(db, scope, query, digests)) {
      const signer = toSummary(row as SignerRow);
      signers.set(signer.id, merge(signers.get(signer.id), signer));
    }
  }
  return [...signers.values()]
    .sort((a, b) => ((a.lastSignedAt ?? '') < (b.lastSignedAt ?? '') ? 1 : -1))
    .slice(0, limit);
}

function groupBySigner(
  db: Database,
  scope: FactScope,
  query: { id?: string; identity?: string; issuer?: string },
  digests: string[] | undefined,
) {
  const rows = inForce(db, scope)
    .join('signers', 'signers.id', 'facts.signer_id')
    .select(
      'signers.id',
      'signers.trusted_root',
      'signers.issuer',
      'signers.identity',
    )
    .min({ first: 'facts.signed_at' })
    .max({ last: 'facts.signed_at' })
    .countDistinct({ artifacts: 'facts.artifact_digest' })
    .groupBy(
      'signers.id',
      'signers.trusted_root',
      'signers.issuer',
      'signers.identity',
    );
  for (const [column, value] of Object.entries(query)) {
    if (value !== undefined) rows.where(`signers.${column}`, value);
  }
  if (digests) rows.whereIn('facts.artifact_digest', digests);
  return rows;
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

// Each chunk holds other artifacts, so counts add up.
function merge(a: SignerSummary | undefined, b: SignerSummary): SignerSummary {
  if (!a) return b;
  const first = [a.firstSignedAt, b.firstSignedAt].filter(Boolean).sort()[0];
  const last = [a.lastSignedAt, b.lastSignedAt].filter(Boolean).sort().pop();
  return {
    ...a,
    ...(first ? { firstSignedAt: first } : {}),
    ...(last ? { lastSignedAt: last } : {}),
    artifacts: a.artifacts + b.artifacts,
  };
}

/** Sound verifications of one signer, newest signature first. */
export async function readSignedBy(
  db: Database,
  scope: FactScope,
  signerId: string,
  artifacts: ArtifactFilter,
  limit: number,
): Promise<{ verification: Verification; signedAt?: string }[]> {
  const found: { verification: Verification; signedAt?: string }[] = [];
  for (const digests of chunks(artifacts)) {
    const rows = inForce(db, scope)
      .select('verification', 'signed_at')
      .where({ signer_id: signerId })
      .orderBy('signed_at', 'desc')
      .limit(limit);
    if (digests) rows.whereIn('artifact_digest', digests);
    for (const row of await rows) {
      found.push({
        verification: JSON.parse(row.verification),
        signedAt: toOptionalInstant(row.signed_at),
      });
    }
  }
  return found
    .sort((a, b) => ((a.signedAt ?? '') < (b.signedAt ?? '') ? 1 : -1))
    .slice(0, limit);
}

/** Log entries of what was verified, newest first. */
export async function readLogEntries(
  db: Database,
  scope: FactScope,
  query: { digest?: string; identity?: string },
  artifacts: ArtifactFilter,
  limit: number,
): Promise<LogEntryRecord[]> {
  const found: { record: LogEntryRecord; at: string }[] = [];
  for (const digests of chunks(artifacts)) {
    const rows = selectLogEntries(db, scope, query, limit);
    if (digests) rows.whereIn('log_entries.artifact_digest', digests);
    for (const row of await rows) {
      found.push({
        at: toOptionalInstant(row.recorded_at) ?? '',
        record: {
          ...JSON.parse(row.entry),
          digest: row.artifact_digest,
          evidenceDigest: row.evidence_digest,
          signer: {
            id: row.signer_id,
            trustedRoot: row.trusted_root,
            issuer: row.issuer,
            identity: row.identity,
          },
        },
      });
    }
  }
  return found
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, limit)
    .map(({ record }) => record);
}

function selectLogEntries(
  db: Database,
  scope: FactScope,
  query: { digest?: string; identity?: string },
  limit: number,
) {
  const rows = inForce(db, scope)
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

function chunks(artifacts: ArtifactFilter): (string[] | undefined)[] {
  if (!artifacts) return [undefined];
  const all = [...artifacts];
  const parts: string[][] = [];
  for (let start = 0; start < all.length; start += CHUNK) {
    parts.push(all.slice(start, start + CHUNK));
  }
  return parts;
}
