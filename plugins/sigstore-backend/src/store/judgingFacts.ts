import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { inChunks } from './chunks';
import { Database } from './database';
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
  const rows = await ofPairs(pairs, asked =>
    inForce(db, scope)
      .select(db.raw('coalesce(judging, verification) as judging'))
      .whereIn(['evidence_digest', 'artifact_digest'], asked)
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
  const rows = await ofPairs(pairs, asked =>
    db('facts')
      .select(
        'evidence_digest',
        'artifact_digest',
        'trusted_root',
        'profile_digest',
        'engine_revision',
        'sound',
      )
      .whereIn(['evidence_digest', 'artifact_digest'], asked),
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

async function ofPairs(
  pairs: EvidenceOf[],
  ask: (pairs: [string, string][]) => PromiseLike<FactRow[]>,
): Promise<FactRow[]> {
  const distinct = new Map(pairs.map(pair => [pairOf(pair), pair]));
  return inChunks([...distinct.values()], chunk =>
    ask(
      chunk.map(({ evidenceDigest, artifactDigest }) => [
        evidenceDigest,
        artifactDigest,
      ]),
    ),
  );
}
