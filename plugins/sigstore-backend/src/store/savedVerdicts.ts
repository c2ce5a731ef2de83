import { Verdict } from '@cloudythings/sigstore-engine';
import { eachChunk, inChunks } from './chunks';
import { Database } from './database';
import { Declaration } from './declarations';
import { canonicalJson, lineId, signerId } from './identifiers';

/** A verdict about what one entity declares, ready to be recorded. */
export type Decided = {
  declaration: Declaration;
  verdict: Verdict;
  digest?: string;
  /** Asked for only where a row is added. */
  inputHash: () => string;
};

/** Columns that make a verdict another one when one of them differs. */
const CONTENT = ['digest', 'status', 'mode', 'findings', 'detail'] as const;

type Content = Record<(typeof CONTENT)[number], string | null>;

/** SQLite takes no more rows in one statement. */
const ROWS = 250;

/**
 * Records verdicts. A row is added only when something in it changed; else the
 * current one is confirmed.
 *
 * @returns the entities whose verdicts changed
 */
export async function saveVerdicts(
  tx: Database,
  decided: Decided[],
  generation: number,
  now: Date,
): Promise<Set<string>> {
  const before = await currentVerdicts(
    tx,
    decided.map(({ declaration }) => declaration.artifactId),
  );
  const changed: (Decided & { content: Content })[] = [];
  const confirmed = new Map<string | null, number[]>();
  const nameless: (Decided & { id: number })[] = [];
  for (const item of decided) {
    const content = contentOf(item);
    const current = before.get(item.declaration.artifactId);
    if (current && CONTENT.every(name => current[name] === content[name])) {
      const again = item.verdict.judgeAgainAt ?? null;
      const ids = confirmed.get(again) ?? [];
      confirmed.set(again, ids);
      ids.push(current.id);
      if (current.line_id === null) nameless.push({ ...item, id: current.id });
    } else {
      changed.push({ ...item, content });
    }
  }
  await confirm(tx, confirmed, now);
  await nameLines(tx, nameless);
  await add(tx, changed, generation, now);
  return new Set(changed.map(({ declaration }) => declaration.entityRef));
}

type Current = Content & {
  id: number;
  artifact_id: string;
  line_id: string | null;
};

async function currentVerdicts(
  tx: Database,
  artifactIds: string[],
): Promise<Map<string, Current>> {
  const rows: Current[] = await inChunks(artifactIds, ids =>
    tx('verdicts')
      .select('id', 'artifact_id', 'line_id', ...CONTENT)
      .whereIn('artifact_id', ids)
      .whereNull('superseded_at'),
  );
  return new Map(rows.map(row => [row.artifact_id, row]));
}

function contentOf({ verdict, digest }: Decided): Content {
  const { status, mode, findings, judgeAgainAt, ...detail } = verdict;
  return {
    digest: digest ?? null,
    status,
    mode: mode ?? null,
    findings: canonicalJson(findings),
    detail: canonicalJson(detail),
  };
}

async function confirm(
  tx: Database,
  confirmed: ReadonlyMap<string | null, number[]>,
  now: Date,
): Promise<void> {
  for (const [again, ids] of confirmed) {
    await eachChunk(ids, chunk =>
      tx('verdicts')
        .whereIn('id', chunk)
        .update({
          confirmed_at: now,
          judge_again_at: again === null ? null : new Date(again),
        }),
    );
  }
}

function lineOf({
  declaration: { entityRef, kind, reference },
  verdict: { signer },
}: Pick<Decided, 'declaration' | 'verdict'>) {
  return {
    line_id: lineId(entityRef, kind, reference),
    signer_id: signer ? signerId(signer) : null,
  };
}

/** Rows of a release that did not write the line yet, once for each. */
async function nameLines(
  tx: Database,
  nameless: (Decided & { id: number })[],
): Promise<void> {
  for (const item of nameless) {
    await tx('verdicts').where({ id: item.id }).update(lineOf(item));
  }
}

async function add(
  tx: Database,
  changed: (Decided & { content: Content })[],
  generation: number,
  now: Date,
): Promise<void> {
  await eachChunk(
    changed.map(({ declaration }) => declaration.artifactId),
    ids =>
      tx('verdicts')
        .whereIn('artifact_id', ids)
        .whereNull('superseded_at')
        .update({ superseded_at: now }),
  );
  const rows = changed.map(({ declaration, verdict, content, inputHash }) => ({
    artifact_id: declaration.artifactId,
    entity_ref: declaration.entityRef,
    kind: declaration.kind,
    reference: declaration.reference,
    ...content,
    ...lineOf({ declaration, verdict }),
    confirmed_at: now,
    judge_again_at: verdict.judgeAgainAt
      ? new Date(verdict.judgeAgainAt)
      : null,
    input_hash: inputHash(),
    generation,
    decided_at: now,
  }));
  for (let start = 0; start < rows.length; start += ROWS) {
    await tx('verdicts').insert(rows.slice(start, start + ROWS));
  }
}
