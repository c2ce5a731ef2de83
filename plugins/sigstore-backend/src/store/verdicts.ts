import {
  ArtifactDetail,
  ArtifactStatus,
  EnforcementMode,
  Finding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Verdict } from '@cloudythings/sigstore-engine';
import { inChunks } from './chunks';
import { Database } from './database';
import { StoredInstant, toInstant } from './instants';

/** The rest of a verdict, beside its status, mode and findings. */
export type VerdictDetail = Pick<
  Verdict,
  | 'notices'
  | 'answers'
  | 'signer'
  | 'signedAt'
  | 'decidingEvidence'
  | 'throughIndex'
  | 'expected'
  | 'policies'
>;

/** A verdict as stored. */
export type StoredVerdict = {
  id: number;
  artifactId: string;
  digest?: string;
  status: ArtifactStatus;
  mode?: EnforcementMode;
  findings: Finding[];
  detail: VerdictDetail;
  decidedAt: string;
  confirmedAt: string;
};

type Row = {
  id: number;
  artifact_id: string;
  digest: string | null;
  status: ArtifactStatus;
  mode: EnforcementMode | null;
  findings: string;
  detail: string;
  decided_at: StoredInstant;
  confirmed_at: StoredInstant;
};

const toVerdict = (row: Row): StoredVerdict => ({
  id: row.id,
  artifactId: row.artifact_id,
  digest: row.digest ?? undefined,
  status: row.status,
  mode: row.mode ?? undefined,
  findings: JSON.parse(row.findings),
  detail: JSON.parse(row.detail),
  decidedAt: toInstant(row.decided_at),
  confirmedAt: toInstant(row.confirmed_at),
});

/** Statuses that answer the question; beside any other the last answer is shown. */
const NO_ANSWER: ArtifactStatus[] = ['could-not-check', 'stale', 'pending'];

/** The current verdicts of artifacts, by artifact ID. */
export async function readVerdicts(
  db: Database,
  artifactIds: string[],
): Promise<Map<string, StoredVerdict>> {
  const rows = await inChunks(artifactIds, ids =>
    db<Row>('verdicts').whereIn('artifact_id', ids).whereNull('superseded_at'),
  );
  return new Map(
    rows.map(row => [row.artifact_id, toVerdict(row as Row)] as const),
  );
}

/** What a roll-up reads of the current verdicts of artifacts, by artifact ID. */
export async function readStatuses(
  db: Database,
  artifactIds: string[],
): Promise<Map<string, Pick<StoredVerdict, 'status' | 'mode' | 'decidedAt'>>> {
  const rows = await inChunks(artifactIds, ids =>
    db<Row>('verdicts')
      .select('artifact_id', 'status', 'mode', 'decided_at')
      .whereIn('artifact_id', ids)
      .whereNull('superseded_at'),
  );
  return new Map(
    rows.map(row => [
      row.artifact_id,
      {
        status: row.status,
        mode: row.mode ?? undefined,
        decidedAt: toInstant(row.decided_at),
      },
    ]),
  );
}

/**
 * The newest verdict of each artifact that was an answer, by artifact ID: about the digest that the
 * current verdict is about, if it is about one, and no older than the
 * declaration, since nobody looked between two declarations.
 */
export async function readLastAnswers(
  db: Database,
  artifactIds: string[],
): Promise<Map<string, { status: ArtifactStatus; at: string }>> {
  const rows = await inChunks(artifactIds, ids =>
    db<Row>('verdicts')
      .select('artifact_id', 'status', 'confirmed_at')
      .whereIn('id', newestAnswers(db, ids)),
  );
  return new Map(
    rows.map(row => [
      row.artifact_id,
      { status: row.status, at: toInstant(row.confirmed_at) },
    ]),
  );
}

function newestAnswers(db: Database, artifactIds: string[]) {
  return db('verdicts as answer')
    .max('answer.id')
    .join('verdicts as current', builder =>
      builder
        .on('current.artifact_id', 'answer.artifact_id')
        .onNull('current.superseded_at'),
    )
    .join('declarations', builder =>
      builder
        .on('declarations.artifact_id', 'answer.artifact_id')
        .onNull('declarations.gone_at'),
    )
    .whereIn('answer.artifact_id', artifactIds)
    .whereNotIn('answer.status', NO_ANSWER)
    .where('answer.decided_at', '>=', db.ref('declarations.since'))
    .where(builder =>
      builder
        .whereNull('current.digest')
        .orWhere('answer.digest', db.ref('current.digest')),
    )
    .groupBy('answer.artifact_id');
}

/** Tells whether a status leaves the question open. */
export function isNoAnswer(status: ArtifactStatus): boolean {
  return NO_ANSWER.includes(status);
}

/** Verdicts of an artifact over time, newest first. */
export async function readVerdictHistory(
  db: Database,
  artifactId: string,
  limit: number,
): Promise<ArtifactDetail['history']> {
  const rows = await db<Row>('verdicts')
    .where({ artifact_id: artifactId })
    .orderBy('id', 'desc')
    .limit(limit);
  return rows.map(row => {
    const verdict = toVerdict(row as Row);
    return {
      ...(verdict.digest ? { digest: verdict.digest } : {}),
      status: verdict.status,
      findings: verdict.findings,
      policies: verdict.detail.policies,
      decidedAt: verdict.decidedAt,
    };
  });
}
