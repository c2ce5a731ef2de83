import { ArtifactStatus } from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeHistory } from '@cloudythings/sigstore-engine';
import { inChunks } from './chunks';
import { Database, isPostgres } from './database';
import { Declaration } from './declarations';
import { FactScope, inForce } from './facts';
import { lineId } from './identifiers';
import { StoredInstant } from './instants';
import { engineInForceSince } from './trustGenerations';

type Predecessor = NonNullable<JudgeHistory['predecessor']>;

/**
 * What takes back that an allowed signer made an artifact. That evidence is
 * gone, or that nobody could tell, does not: whoever takes a signature away
 * would make everybody forget it.
 */
const TAKES_BACK: ArtifactStatus[] = [
  'evidence-mismatch',
  'unexpected-signer',
  'outside-validity',
  'unknown-authority',
  'unsupported-format',
];

/**
 * The newest artifact that came before each one in its line and that an allowed
 * signer made, by artifact ID. Before is what the same reference led to
 * earlier, and what other references of the line led to before this one was
 * declared: of two that stand side by side, neither follows the other.
 *
 * What only an earlier engine found does not count, nor what a later verdict
 * about the same artifact took back.
 *
 * @param artifacts - with the digest that each leads to now
 * @param scope - which facts and verdicts count
 */
export async function readPredecessors(
  db: Database,
  artifacts: (Declaration & { digest: string })[],
  scope: FactScope,
): Promise<Map<string, Predecessor>> {
  const since = await engineInForceSince(db, scope.engineRevision);
  if (since === undefined) return new Map();
  const rows = await inChunks(artifacts, chunk => select(db, chunk, since));
  const types = await predicateTypes(db, rows, scope);
  return new Map(
    rows.map(({ asked_for, reference, digest, signer_id, detail }) => {
      const { signer, signedAt, decidingEvidence } = JSON.parse(detail);
      const predecessor: Predecessor = {
        reference,
        digest,
        wasExpected: true,
        signer,
        predicateTypes: types.get(`${digest} ${signer_id}`) ?? [],
        ...(signedAt ? { signedAt } : {}),
        ...(decidingEvidence ? { evidenceDigest: decidingEvidence } : {}),
      };
      return [asked_for, predecessor] as const;
    }),
  );
}

type Row = {
  asked_for: string;
  id: number;
  reference: string;
  digest: string;
  signer_id: string;
  detail: string;
};

async function select(
  db: Database,
  artifacts: (Declaration & { digest: string })[],
  engineSince: StoredInstant,
): Promise<Row[]> {
  const takesBack = TAKES_BACK.map(status => `'${status}'`).join();
  // In the order of the index of lines: by the number alone, PostgreSQL would go
  // through the verdicts of everybody.
  const result = await db.raw(
    `with asked as (${asked(db)})
    select asked.artifact_id as asked_for, (
      select earlier.id from verdicts as earlier
      where earlier.line_id = asked.line_id
        and earlier.signer_id is not null
        and earlier.status = 'expected-signer'
        and earlier.digest <> asked.digest
        and (earlier.artifact_id = asked.artifact_id
          or earlier.decided_at < asked.since)
        and earlier.confirmed_at >= ?
        and not exists (
          select 1 from verdicts as later
          where later.artifact_id = earlier.artifact_id
            and later.id > earlier.id
            and later.digest = earlier.digest
            and later.status in (${takesBack}))
      order by earlier.line_id desc, earlier.id desc limit 1) as id
    from asked`,
    [
      JSON.stringify(
        artifacts.map(({ artifactId, entityRef, kind, ...rest }) => ({
          artifact_id: artifactId,
          line_id: lineId(entityRef, kind, rest.reference),
          digest: rest.digest,
          since: isPostgres(db) ? rest.since : Date.parse(rest.since),
        })),
      ),
      engineSince,
    ],
  );
  const found: { asked_for: string; id: number | null }[] = isPostgres(db)
    ? result.rows
    : result;
  const ids = found.flatMap(({ id }) => id ?? []);
  const rows: Omit<Row, 'asked_for'>[] = await db('verdicts')
    .select('id', 'reference', 'digest', 'signer_id', 'detail')
    .whereIn('id', ids);
  const verdicts = new Map(rows.map(row => [row.id, row]));
  return found.flatMap(({ asked_for, id }) => {
    const verdict = id === null ? undefined : verdicts.get(id);
    return verdict ? [{ asked_for, ...verdict }] : [];
  });
}

function asked(db: Database): string {
  return isPostgres(db)
    ? `select * from json_to_recordset(?::json) as listed(
        artifact_id text, line_id text, digest text, since timestamptz)`
    : `select value->>'artifact_id' as artifact_id,
        value->>'line_id' as line_id, value->>'digest' as digest,
        value->>'since' as since from json_each(?)`;
}

/** What the signers of some artifacts stated about them, of the facts that count. */
async function predicateTypes(
  db: Database,
  rows: Row[],
  scope: FactScope,
): Promise<Map<string, string[]>> {
  const wanted = new Set(
    rows.map(({ digest, signer_id }) => `${digest} ${signer_id}`),
  );
  const stated: {
    artifact_digest: string;
    signer_id: string;
    predicate_type: string;
  }[] = await inChunks(
    [...new Set(rows.map(({ digest }) => digest))],
    digests =>
      inForce(db, scope)
        .distinct('artifact_digest', 'signer_id', 'predicate_type')
        .whereIn('artifact_digest', digests)
        .where({ sound: true })
        .whereNotNull('predicate_type')
        .orderBy('predicate_type'),
  );
  const types = new Map<string, string[]>();
  for (const { artifact_digest, signer_id, predicate_type } of stated) {
    const key = `${artifact_digest} ${signer_id}`;
    if (!wanted.has(key)) continue;
    types.set(key, [...(types.get(key) ?? []), predicate_type]);
  }
  return types;
}
