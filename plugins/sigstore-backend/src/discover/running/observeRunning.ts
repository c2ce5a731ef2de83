import { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { RunningArtifactsSource } from '@cloudythings/backstage-plugin-sigstore-node';
import { Knex } from 'knex';
import { AccessRule } from '../../access/AccessRule';
import {
  StoredAnswer,
  answersOfObserver,
  endAnswers,
  saveAnswers,
} from '../../store/runningAnswers';
import { observationsOfObserver } from '../../store/runningObservations';
import { RunningQuestion, observerTitles } from '../../store/runningQuestions';
import { Answer, askObserver, everyPlace } from './askObserver';
import {
  EntityChanges,
  compareObservations,
  hasChanges,
  placesByQuestion,
} from './compareObservations';
import { endRetiredPlaces } from './endRetiredPlaces';
import { grouped } from './grouped';
import { healRunning } from './healRunning';
import { saveEntityRunning } from './saveEntityRunning';
import { updateQuestions } from './updateQuestions';

/** What observing needs of its surroundings. */
export type ObservePorts = {
  knex: Knex;
  catalog: CatalogService;
  auth: AuthService;
  logger: LoggerService;
  /** How long a place may fail to answer before that is said on its own row. */
  graceMs: number;
  /** Who may make use of which credentials. */
  accessRules: readonly AccessRule[];
  /** Places that no longer exist, as `observer/place`. */
  retiredPlaces: readonly string[];
  /** How long an observer has to answer. */
  answerWithinMs: number;
  now: () => Date;
};

/**
 * Asks one observer what runs, for all entities, and writes what changed. What it
 * does not answer stays as it was last seen, with the failure beside it.
 *
 * @throws when the database takes nothing; what was written until then is kept
 */
export async function observeRunning(
  source: RunningArtifactsSource,
  ports: ObservePorts,
  signal: AbortSignal,
): Promise<{ asked: number; changed: number }> {
  const { knex, logger, accessRules, now } = ports;
  const questions = await updateQuestions(source, ports, signal);
  const titles = await observerTitles(knex);
  const titleOf = (observer: string) => titles.get(observer) ?? observer;
  const known = { titleOf, accessRules };
  await endRetiredPlaces(knex, source, ports.retiredPlaces, known, now());
  await healRunning(knex, known, logger, now);
  if (questions.length === 0) return { asked: 0, changed: 0 };
  const before = await answersOfObserver(knex, source.id);
  const answers = await askObserver(
    source,
    questions,
    signal,
    ports.answerWithinMs,
  );
  signal.throwIfAborted();
  const places = everyPlace(source, questions, before, answers);
  const stored = await knex.transaction(tx =>
    saveAnswers(tx, source.id, before, places, now()),
  );
  const changes = await compareAll(source, ports, questions, stored, answers);
  let changed = 0;
  for (const item of changes.filter(hasChanges)) {
    signal.throwIfAborted();
    try {
      await saveEntityRunning(knex, item, known, now());
      changed += 1;
    } catch (error) {
      // Nothing of it was written, so the next run tries again.
      logger.error(
        `What ${source.title} sees running for ${
          item.entityRef
        } was not saved: ${stringifyError(error)}`,
      );
    }
  }
  await forgetAnswers(knex, questions, changes, stored, now());
  return { asked: questions.length, changed };
}

async function compareAll(
  source: RunningArtifactsSource,
  { knex, graceMs, now }: ObservePorts,
  questions: RunningQuestion[],
  stored: StoredAnswer[],
  answers: Answer[],
): Promise<EntityChanges[]> {
  const places = placesByQuestion(stored, answers);
  const observed = grouped(
    await observationsOfObserver(knex, source.id),
    ({ entityRef }) => entityRef,
  );
  const byEntity = grouped(questions, ({ entityRef }) => entityRef);
  return [...byEntity].map(([entityRef, own]) =>
    compareObservations(
      own,
      observed.get(entityRef) ?? [],
      id => places.get(id) ?? [],
      { now: now(), graceMs },
    ),
  );
}

async function forgetAnswers(
  knex: Knex,
  questions: RunningQuestion[],
  changes: EntityChanges[],
  stored: StoredAnswer[],
  now: Date,
): Promise<void> {
  const ended = new Set(
    changes.flatMap(({ entityRef, endedQuestions }) =>
      endedQuestions.map(id => `${entityRef} ${id}`),
    ),
  );
  const asked = new Set(
    questions
      .filter(item => !ended.has(`${item.entityRef} ${item.questionId}`))
      .map(item => item.questionId),
  );
  const over = stored.filter(item => !asked.has(item.questionId));
  await knex.transaction(tx =>
    endAnswers(
      tx,
      over.map(({ id }) => id),
      now,
    ),
  );
}
