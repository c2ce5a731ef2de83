import { ArtifactStatus } from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeHistory } from '@cloudythings/sigstore-engine';
import { inChunks } from './chunks';
import { Database, isPostgres } from './database';
import { Declaration } from './declarations';
import { lineId } from './identifiers';

type Predecessor = NonNullable<JudgeHistory['predecessor']>;

/**
 * The signed artifact that came before each one in its line, by artifact ID:
 * the newest that an allowed signer made, or else the newest signed one. Before
 * is what the same reference led to earlier, and what other references of the
 * line led to before this one was declared: of two that stand side by side,
 * neither follows the other.
 *
 * @param artifacts - with the digest that each leads to now
 */
export async function readPredecessors(
  db: Database,
  artifacts: (Declaration & { digest: string })[],
): Promise<Map<string, Predecessor>> {
  const rows = await inChunks(artifacts, chunk => select(db, chunk));
  const types = await predicateTypes(db, rows);
  return new Map(
    rows.map(({ asked_for, reference, digest, status, signer_id, detail }) => {
      const { signer, signedAt } = JSON.parse(detail);
      const predecessor: Predecessor = {
        reference,
        digest,
        wasExpected: status === 'expected-signer',
        signer,
        predicateTypes: types.get(`${digest} ${signer_id}`) ?? [],
        ...(signedAt ? { signedAt } : {}),
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
  status: ArtifactStatus;
  signer_id: string;
  detail: string;
};

async function select(
  db: Database,
  artifacts: (Declaration & { digest: string })[],
): Promise<Row[]> {
  // In the order of the index of lines: by the number alone, PostgreSQL would go
  // through the verdicts of everybody.
  const newest = (also: string) => `(
    select earlier.id from verdicts as earlier
    where earlier.line_id = asked.line_id
      and earlier.signer_id is not null
      and earlier.digest <> asked.digest
      and (earlier.artifact_id = asked.artifact_id
        or earlier.decided_at < asked.since)
      ${also}
    order by earlier.line_id desc, earlier.id desc limit 1)`;
  const result = await db.raw(
    `with asked as (${asked(db)})
    select asked.artifact_id as asked_for, coalesce(
      ${newest(`and earlier.status = 'expected-signer'`)},
      ${newest('')}) as id
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
    ],
  );
  const found: { asked_for: string; id: number | null }[] = isPostgres(db)
    ? result.rows
    : result;
  const ids = found.flatMap(({ id }) => id ?? []);
  const rows: Omit<Row, 'asked_for'>[] = await db('verdicts')
    .select('id', 'reference', 'digest', 'status', 'signer_id', 'detail')
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

/** What the signers of some artifacts stated about them, as it was verified then. */
async function predicateTypes(
  db: Database,
  rows: Row[],
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
      db('facts')
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
