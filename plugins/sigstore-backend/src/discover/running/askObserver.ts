import { stringifyError } from '@backstage/errors';
import {
  RunningAnswer,
  RunningArtifactsSource,
} from '@cloudythings/backstage-plugin-sigstore-node';
import {
  PlaceAnswer,
  StoredAnswer,
  answerKey,
} from '../../store/runningAnswers';
import { RunningQuestion, questionId } from '../../store/runningQuestions';
import { indexable } from '../../store/storable';
import { grouped } from './grouped';

/** An answer with the stable name of its question. */
export type Answer = RunningAnswer & { questionId: string };

/** Stands for all places of an observer that never named one. */
const ANYWHERE = '';

/** Part of its time that an observer has to give what it has when that is over. */
const LAST_WORDS = 0.1;

/**
 * Asks an observer all questions at once, each once. Never throws: an observer
 * that does is one that did not answer.
 *
 * @param withinMs - when an observer is told that its time is over; what it gives
 * then counts
 */
export async function askObserver(
  source: RunningArtifactsSource,
  questions: RunningQuestion[],
  signal: AbortSignal,
  withinMs: number,
): Promise<Answer[]> {
  const texts = [...new Set(questions.map(({ question }) => question))];
  const asked = new Set(texts);
  try {
    const answers = await observed(source, texts, signal, withinMs);
    const byKey = new Map<string, Answer>();
    for (const answer of answers) {
      if (!asked.has(answer.question)) continue;
      const named = {
        ...answer,
        place: indexable(answer.place),
        questionId: questionId(source.id, answer.question),
      };
      byKey.set(answerKey(named), named);
    }
    return [...byKey.values()];
  } catch (error) {
    const cause = `${source.title} did not answer: ${stringifyError(error)}`;
    return texts.map(question => ({
      question,
      questionId: questionId(source.id, question),
      place: ANYWHERE,
      outcome: 'unreachable',
      cause,
      artifacts: [],
    }));
  }
}

/** Also ends the waiting for an observer that does not heed its signal. */
async function observed(
  source: RunningArtifactsSource,
  texts: string[],
  signal: AbortSignal,
  withinMs: number,
): Promise<RunningAnswer[]> {
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number) =>
    new Promise<void>(resolve => {
      timers.push(setTimeout(resolve, ms));
    });
  const over = new AbortController();
  const words = new Error('it took too long');
  const tooLong = after(withinMs).then(async () => {
    over.abort(words);
    await after(withinMs * LAST_WORDS);
    throw words;
  });
  try {
    const limited = AbortSignal.any([signal, over.signal]);
    return await Promise.race([
      source.observe(texts, { signal: limited }),
      tooLong,
    ]);
  } finally {
    timers.forEach(clearTimeout);
  }
}

/**
 * The answers of every place that is known for a question. One that is not named
 * this time did not answer; where nobody ever named one, one stands for all.
 *
 * @param before - how they answered last
 */
export function everyPlace(
  source: RunningArtifactsSource,
  questions: RunningQuestion[],
  before: StoredAnswer[],
  answers: Answer[],
): PlaceAnswer[] {
  const now = grouped(answers, item => item.questionId);
  const last = grouped(before, item => item.questionId);
  const ids = [...new Set(questions.map(item => item.questionId))];
  return ids.flatMap(id => {
    const given = now.get(id) ?? [];
    const named = given.filter(({ place }) => place !== ANYWHERE);
    const missing = (last.get(id) ?? []).filter(
      ({ place }) =>
        place !== ANYWHERE && !named.some(item => item.place === place),
    );
    const everywhere = given.find(({ place }) => place === ANYWHERE)?.cause;
    const failed = (place: string, cause: string): PlaceAnswer => ({
      questionId: id,
      place,
      outcome: 'unreachable',
      cause: everywhere ?? cause,
    });
    const places = [
      ...named.map(toPlaceAnswer),
      ...missing.map(({ place }) =>
        failed(place, `${source.title} no longer names it`),
      ),
    ];
    return places.length > 0
      ? places
      : [failed(ANYWHERE, `${source.title} names no place where it could run`)];
  });
}

function toPlaceAnswer(answer: Answer): PlaceAnswer {
  const { questionId: id, place, outcome, cause } = answer;
  return {
    questionId: id,
    place,
    outcome: outcome === 'complete' ? 'found' : outcome,
    ...(cause ? { cause } : {}),
  };
}
