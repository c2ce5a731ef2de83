import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  Decision,
  JudgeRules,
  Judgeable,
  asksForEntities,
  judgeDeclaration,
  readJudgeables,
} from '../flow/judgeReference';
import { Database } from '../store/database';
import { declarationsOfReferences } from '../store/declarations';
import { lockEntities } from '../store/entityStatuses';
import { saveVerdicts } from '../store/savedVerdicts';
import { TrustInForce } from '../trust/TrustKeeper';
import { rebuildEntityStatuses } from './rebuildEntityStatus';

/** Longest that judging keeps others from the event loop. */
const SLICE_MS = 10;

/** What judging a reference came to, for all who declare it. */
export type Judged = {
  /** When it must be judged again, by the earliest of the verdicts. */
  judgeAgainAt?: string;
  /** Whether its sources answered. */
  couldCheck: boolean;
};

/**
 * Judges what some references lead to, for everybody who declares them, and
 * writes verdicts and roll-ups. Reads stored facts only.
 *
 * @param tx - a transaction that holds the references
 * @param options - `onlyVerified` leaves out what has evidence that was not
 * verified under the trusted roots in force
 * @returns what was judged by the ID of its reference, and what was left out
 */
export async function judgeAndSave(
  tx: Database,
  referenceIds: string[],
  { set, generation }: TrustInForce,
  now: Date,
  options: { onlyVerified: boolean } = { onlyVerified: false },
): Promise<{ judged: Map<string, Judged>; leftOut: Set<string> }> {
  const declarations = await declarationsOfReferences(tx, referenceIds);
  await lockEntities(
    tx,
    declarations.map(({ entityRef }) => entityRef),
  );
  const { record } = set;
  const items = await readJudgeables(tx, declarations, record, {
    withDocuments: asksForEntities(set),
  });
  await nextTurn();
  const isLeftOut = ({ basis }: Judgeable) =>
    options.onlyVerified && !basis.isVerified;
  const decisions = await judgeAll(
    items.filter(item => !isLeftOut(item)),
    set,
    record.digest,
    now,
  );
  await nextTurn();
  const changed = await saveVerdicts(tx, decisions, generation, now);
  await nextTurn();
  if (changed.size > 0) await rebuildEntityStatuses(tx, [...changed].sort());
  return {
    judged: summarize(decisions),
    leftOut: new Set(
      items.filter(isLeftOut).map(({ declaration }) => declaration.referenceId),
    ),
  };
}

/** Judges many, in slices: whatever else is to be done gets its turn in between. */
export async function judgeAll(
  items: Judgeable[],
  rules: JudgeRules,
  trustDigest: string,
  now: Date,
): Promise<Decision[]> {
  const decisions: Decision[] = [];
  let sliceEnd = performance.now() + SLICE_MS;
  for (const item of items) {
    decisions.push(judgeDeclaration(item, rules, trustDigest, now));
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + SLICE_MS;
  }
  return decisions;
}

function summarize(decisions: Decision[]): Map<string, Judged> {
  const judged = new Map<string, Judged>();
  for (const { declaration, verdict } of decisions) {
    const before = judged.get(declaration.referenceId);
    const [earliest] = [before?.judgeAgainAt, verdict.judgeAgainAt]
      .flatMap(time => time ?? [])
      .sort();
    judged.set(declaration.referenceId, {
      ...(earliest ? { judgeAgainAt: earliest } : {}),
      couldCheck:
        (before?.couldCheck ?? true) && verdict.status !== 'could-not-check',
    });
  }
  return judged;
}
