import { LookupOutcome } from '@cloudythings/backstage-plugin-sigstore-common';
import { eachChunk, inChunks } from './chunks';
import { Database } from './database';
import { StoredInstant, toInstant, toOptionalInstant } from './instants';
import { storable } from './storable';

/** How one place answered one question; `found` is a complete answer. */
export type PlaceAnswer = {
  questionId: string;
  place: string;
  outcome: Extract<
    LookupOutcome,
    'found' | 'refused' | 'unreachable' | 'over-cap'
  >;
  cause?: string;
};

/** The same as stored. */
export type StoredAnswer = PlaceAnswer & {
  id: number;
  /** Since when it answers like that. */
  since: string;
  askedAt: string;
  lastGoodAt?: string;
};

type Row = {
  id: number;
  question_id: string;
  place: string;
  outcome: PlaceAnswer['outcome'];
  cause: string | null;
  since: StoredInstant;
  asked_at: StoredInstant;
  last_good_at: StoredInstant | null;
};

const toAnswer = (row: Row): StoredAnswer => ({
  id: row.id,
  questionId: row.question_id,
  place: row.place,
  outcome: row.outcome,
  ...(row.cause ? { cause: row.cause } : {}),
  since: toInstant(row.since),
  askedAt: toInstant(row.asked_at),
  ...(row.last_good_at
    ? { lastGoodAt: toOptionalInstant(row.last_good_at) }
    : {}),
});

/** SQLite takes no more rows in one statement. */
const ROWS = 250;

/** One text for one place and question. */
export const answerKey = (
  item: Pick<PlaceAnswer, 'questionId' | 'place'>,
): string => `${item.questionId} ${item.place}`;

/** How the places of an observer answered last, all questions. */
export async function answersOfObserver(
  db: Database,
  observer: string,
): Promise<StoredAnswer[]> {
  const rows: Row[] = await db('running_answers')
    .where({ observer })
    .whereNull('superseded_at');
  return rows.map(toAnswer);
}

/** How some questions were answered last. */
export async function answersTo(
  db: Database,
  questionIds: string[],
): Promise<StoredAnswer[]> {
  const rows: Row[] = await inChunks(questionIds, ids =>
    db('running_answers')
      .whereIn('question_id', ids)
      .whereNull('superseded_at'),
  );
  return rows.map(toAnswer);
}

/** Names of requests, addresses in memory, times and counts. */
const PASSING = /(?=[a-f-]*\d)[0-9a-f-]{8,}|\d{4,}/gi;

/** What a cause says, without what is different each time it is said. */
const lasting = (cause?: string): string | undefined =>
  cause?.replace(PASSING, '…');

/**
 * Records how places answered. A row is added where an outcome changed, or its
 * cause in more than the numbers and names of that one request; all that
 * answered as before take one statement. Places that are not given any more, of
 * questions that are, are over.
 *
 * @param before - how they answered last
 * @returns how they answer now
 */
export async function saveAnswers(
  tx: Database,
  observer: string,
  before: StoredAnswer[],
  answers: PlaceAnswer[],
  now: Date,
): Promise<StoredAnswer[]> {
  const current = new Map(before.map(item => [answerKey(item), item]));
  const same: number[] = [];
  const sameAndGood: number[] = [];
  const changed: PlaceAnswer[] = [];
  for (const answer of answers.map(withStorableCause)) {
    const last = current.get(answerKey(answer));
    if (
      last?.outcome !== answer.outcome ||
      lasting(last.cause) !== lasting(answer.cause)
    ) {
      changed.push(answer);
    } else {
      (answer.outcome === 'found' ? sameAndGood : same).push(last.id);
    }
  }
  const asked = new Set(answers.map(item => item.questionId));
  const given = new Set(answers.map(answerKey));
  const over = before.filter(
    item => asked.has(item.questionId) && !given.has(answerKey(item)),
  );
  const at = now.toISOString();
  const touch = (ids: number[], columns: object) =>
    eachChunk(ids, chunk =>
      tx('running_answers').whereIn('id', chunk).update(columns),
    );
  await touch(same, { asked_at: now });
  await touch(sameAndGood, { asked_at: now, last_good_at: now });
  const replaced = changed.flatMap(
    answer => current.get(answerKey(answer))?.id ?? [],
  );
  await endAnswers(tx, [...replaced, ...over.map(({ id }) => id)], now);
  const lastGoodAt = (answer: PlaceAnswer) =>
    answer.outcome === 'found'
      ? at
      : current.get(answerKey(answer))?.lastGoodAt;
  await tx.batchInsert(
    'running_answers',
    changed.map(answer => {
      const good = lastGoodAt(answer);
      return {
        observer,
        question_id: answer.questionId,
        place: answer.place,
        outcome: answer.outcome,
        cause: answer.cause ?? null,
        since: now,
        asked_at: now,
        last_good_at: good ? new Date(good) : null,
      };
    }),
    ROWS,
  );
  return answersOfObserver(tx, observer);
}

function withStorableCause(answer: PlaceAnswer): PlaceAnswer {
  const { cause, ...rest } = answer;
  return cause ? { ...rest, cause: storable(cause) } : rest;
}

/** Ends answers; they stay readable as they were. */
export async function endAnswers(
  tx: Database,
  ids: number[],
  now: Date,
): Promise<void> {
  await eachChunk(ids, chunk =>
    tx('running_answers').whereIn('id', chunk).update({ superseded_at: now }),
  );
}
