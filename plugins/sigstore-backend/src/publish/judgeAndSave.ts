import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  Decision,
  JudgeRules,
  Judgeable,
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
  /** Whether all evidence was verified under the trusted roots in force. */
  isVerified: boolean;
};

/**
 * Judges what some references lead to, for everybody who declares them, and
 * writes verdicts and roll-ups. Reads stored facts only.
 *
 * @param tx - a transaction that holds the references
 * @returns by the ID of the reference; those that nobody declares are left out
 */
export async function judgeAndSave(
  tx: Database,
  referenceIds: string[],
  { set, generation }: TrustInForce,
  now: Date,
): Promise<Map<string, Judged>> {
  const declarations = await declarationsOfReferences(tx, referenceIds);
  await lockEntities(
    tx,
    declarations.map(({ entityRef }) => entityRef),
  );
  const { record } = set;
  const items = await readJudgeables(tx, declarations, record, set);
  const decisions = await judgeAll(items, set, record.digest, now);
  const changed = await saveVerdicts(tx, decisions, generation, now);
  if (changed.size > 0) await rebuildEntityStatuses(tx, [...changed].sort());
  return summarize(items, decisions);
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

function summarize(
  items: Judgeable[],
  decisions: Decision[],
): Map<string, Judged> {
  const judged = new Map<string, Judged>();
  for (const [index, { declaration, basis }] of items.entries()) {
    const { status, judgeAgainAt } = decisions[index].verdict;
    const before = judged.get(declaration.referenceId);
    const [earliest] = [before?.judgeAgainAt, judgeAgainAt]
      .flatMap(time => time ?? [])
      .sort();
    judged.set(declaration.referenceId, {
      ...(earliest ? { judgeAgainAt: earliest } : {}),
      couldCheck: (before?.couldCheck ?? true) && status !== 'could-not-check',
      isVerified: basis.isVerified,
    });
  }
  return judged;
}
