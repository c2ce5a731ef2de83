import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import { inChunks } from './chunks';
import { Database, isPostgres } from './database';
import { FactScope, inForce } from './facts';

/** A piece of evidence beside an artifact that it may be about. */
export type EvidenceOf = { evidenceDigest: string; artifactDigest: string };

/** Facts of another profile or engine than those in force. */
export type EarlierFacts = EvidenceOf & {
  trustedRoot: string;
  profileDigest: string;
  engineRevision: string;
  sound: boolean;
};

/** Name of a piece of evidence beside an artifact. */
export function pairOf({ evidenceDigest, artifactDigest }: EvidenceOf): string {
  return `${evidenceDigest} ${artifactDigest}`;
}

/** What judging reads of the facts in force, by evidence and artifact. */
export async function readJudgingFacts(
  db: Database,
  pairs: EvidenceOf[],
  scope: FactScope,
): Promise<Map<string, Verification[]>> {
  const rows = await ofPairs(db, pairs, () =>
    inForce(db, scope)
      .select('evidence_digest', 'artifact_digest')
      .select(db.raw('coalesce(judging, verification) as judging'))
      .orderBy(['evidence_digest', 'artifact_digest', 'trusted_root']),
  );
  const facts = new Map<string, Verification[]>();
  for (const row of rows) {
    const verification: Verification = JSON.parse(row.judging);
    const key = pairOf(verification);
    const list = facts.get(key) ?? [];
    facts.set(key, list);
    list.push(verification);
  }
  return facts;
}

/** That something was verified before, and with which result. */
export async function readEarlierFacts(
  db: Database,
  pairs: EvidenceOf[],
  scope: FactScope,
): Promise<EarlierFacts[]> {
  const rows = await ofPairs(db, pairs, () =>
    db('facts').select(
      'evidence_digest',
      'artifact_digest',
      'trusted_root',
      'profile_digest',
      'engine_revision',
      'sound',
    ),
  );
  const digests = new Map(
    scope.trustedRoots.map(({ name, digest }) => [name, digest]),
  );
  return rows
    .map(row => ({
      evidenceDigest: row.evidence_digest,
      artifactDigest: row.artifact_digest,
      trustedRoot: row.trusted_root,
      profileDigest: row.profile_digest,
      engineRevision: row.engine_revision,
      sound: Boolean(row.sound),
    }))
    .filter(
      ({ trustedRoot, profileDigest, engineRevision }) =>
        digests.get(trustedRoot) !== profileDigest ||
        engineRevision !== scope.engineRevision,
    );
}

type FactRow = {
  judging: string;
  evidence_digest: string;
  artifact_digest: string;
  trusted_root: string;
  profile_digest: string;
  engine_revision: string;
  sound: boolean | number;
};

/**
 * Asks about many pairs of evidence and artifact. SQLite would try each evidence
 * with each artifact of two lists; PostgreSQL plans each pair of one list on its
 * own. So each is asked in the form that it answers from an index.
 */
async function ofPairs(
  db: Database,
  pairs: EvidenceOf[],
  query: () => Knex.QueryBuilder,
): Promise<FactRow[]> {
  const distinct = new Map(pairs.map(pair => [pairOf(pair), pair]));
  return inChunks([...distinct], async chunk => {
    const asked = new Map(chunk);
    const names = [...asked.values()].map(
      ({ evidenceDigest, artifactDigest }) => [evidenceDigest, artifactDigest],
    );
    const rows: FactRow[] = isPostgres(db)
      ? await query()
          .whereRaw('evidence_digest = any(?)', [names.map(([one]) => one)])
          .whereRaw('artifact_digest = any(?)', [names.map(([, one]) => one)])
      : await query().whereIn(['evidence_digest', 'artifact_digest'], names);
    return rows.filter(({ evidence_digest, artifact_digest }) =>
      asked.has(`${evidence_digest} ${artifact_digest}`),
    );
  });
}
