import { eachChunk, inChunks } from './chunks';
import { Database } from './database';
import { hash } from './identifiers';
import { StoredInstant, toOptionalInstant } from './instants';

/** One question to an observer, asked for one entity. */
export type RunningQuestion = {
  entityRef: string;
  observer: string;
  observerTitle: string;
  questionId: string;
  question: string;
  /** Since when the entity no longer leads to it. */
  droppedAt?: string;
};

type Row = {
  entity_ref: string;
  observer: string;
  observer_title: string;
  question_id: string;
  question: string;
  dropped_at: StoredInstant | null;
};

const toQuestion = (row: Row): RunningQuestion => ({
  entityRef: row.entity_ref,
  observer: row.observer,
  observerTitle: row.observer_title,
  questionId: row.question_id,
  question: row.question,
  droppedAt: toOptionalInstant(row.dropped_at),
});

/** SQLite takes no more rows in one statement. */
const ROWS = 250;

/** Stable name of a question to an observer. */
export function questionId(observer: string, question: string): string {
  return hash(['running', observer, question]).slice(0, 32);
}

/** What an observer is asked now, for entities that are known. */
export async function questionsOfObserver(
  db: Database,
  observer: string,
): Promise<RunningQuestion[]> {
  const rows: Row[] = await db('running_questions')
    .where({ observer })
    .whereNull('gone_at')
    .whereIn(
      'entity_ref',
      db('entity_statuses').select('entity_ref').whereNull('gone_at'),
    )
    .orderBy('id');
  return rows.map(toQuestion);
}

/** What is asked now for some entities. */
export async function questionsOfEntities(
  db: Database,
  entityRefs: string[],
): Promise<RunningQuestion[]> {
  const rows: Row[] = await inChunks(entityRefs, refs =>
    db('running_questions')
      .whereIn('entity_ref', refs)
      .whereNull('gone_at')
      .orderBy('id'),
  );
  return rows.map(toQuestion);
}

/** Adds questions that are not asked yet. */
export async function addQuestions(
  tx: Database,
  questions: RunningQuestion[],
  now: Date,
): Promise<void> {
  await tx.batchInsert(
    'running_questions',
    questions.map(item => ({
      entity_ref: item.entityRef,
      observer: item.observer,
      observer_title: item.observerTitle,
      question_id: item.questionId,
      question: item.question,
      since: now,
    })),
    ROWS,
  );
}

/** Records that an entity no longer leads to a question, or does again. */
export async function markDropped(
  tx: Database,
  { entityRef, questionId: id }: RunningQuestion,
  droppedAt: Date | null,
): Promise<void> {
  await tx('running_questions')
    .where({ entity_ref: entityRef, question_id: id })
    .whereNull('gone_at')
    .update({ dropped_at: droppedAt });
}

/** Ends questions of an entity. */
export async function endQuestions(
  tx: Database,
  entityRef: string,
  ids: string[],
  now: Date,
): Promise<void> {
  await eachChunk(ids, chunk =>
    tx('running_questions')
      .where({ entity_ref: entityRef })
      .whereIn('question_id', chunk)
      .whereNull('gone_at')
      .update({ gone_at: now }),
  );
}

/** The names of all observers that are asked anything, by ID. */
export async function observerTitles(
  db: Database,
): Promise<Map<string, string>> {
  const rows: Pick<Row, 'observer' | 'observer_title'>[] = await db(
    'running_questions',
  )
    .distinct('observer', 'observer_title')
    .whereNull('gone_at');
  return new Map(rows.map(row => [row.observer, row.observer_title]));
}
