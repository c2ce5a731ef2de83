import { stringifyError } from '@backstage/errors';
import { RunningArtifactsSource } from '@cloudythings/backstage-plugin-sigstore-node';
import { readEntities } from '../../store/entityStatuses';
import {
  RunningQuestion,
  addQuestions,
  markDropped,
  questionId,
  questionsOfObserver,
} from '../../store/runningQuestions';
import type { ObservePorts } from './observeRunning';
import { QuestionsOfCatalog, readQuestions } from './readQuestions';

/**
 * Brings what an observer is asked up to date with the catalog. A question that
 * an entity no longer leads to is marked and asked on; a catalog that does not
 * answer changes nothing.
 *
 * @returns all questions to ask now
 */
export async function updateQuestions(
  source: RunningArtifactsSource,
  ports: ObservePorts,
  signal: AbortSignal,
): Promise<RunningQuestion[]> {
  const { knex, logger } = ports;
  const stored = await questionsOfObserver(knex, source.id);
  let read: QuestionsOfCatalog;
  try {
    read = await readQuestions(source, ports, signal);
  } catch (error) {
    signal.throwIfAborted();
    logger.error(
      `What to ask ${
        source.title
      } was not read from the catalog; what was asked before is asked on: ${stringifyError(
        error,
      )}`,
    );
    return stored;
  }
  const wanted = await questionsOf(source, ports, read);
  const key = (item: RunningQuestion) => `${item.entityRef} ${item.questionId}`;
  const isWanted = new Set(wanted.map(key));
  const isStored = new Set(stored.map(key));
  const now = ports.now();
  const turned = stored.filter(
    item =>
      !read.unreadable.has(item.entityRef) &&
      isWanted.has(key(item)) === (item.droppedAt !== undefined),
  );
  await knex.transaction(async tx => {
    await addQuestions(
      tx,
      wanted.filter(item => !isStored.has(key(item))),
      now,
    );
    for (const item of turned) {
      await markDropped(tx, item, item.droppedAt ? null : now);
    }
  });
  return questionsOfObserver(knex, source.id);
}

/** Of entities that are known here; all others have no status to count for. */
async function questionsOf(
  source: RunningArtifactsSource,
  { knex }: ObservePorts,
  { byEntity }: QuestionsOfCatalog,
): Promise<RunningQuestion[]> {
  const known = await readEntities(knex, [...byEntity.keys()]);
  return [...byEntity].flatMap(([entityRef, questions]) =>
    known.has(entityRef)
      ? questions.map(question => ({
          entityRef,
          observer: source.id,
          observerTitle: source.title,
          questionId: questionId(source.id, question),
          question,
        }))
      : [],
  );
}
