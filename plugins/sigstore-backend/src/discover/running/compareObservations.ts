import { RunningAnswer } from '@cloudythings/backstage-plugin-sigstore-node';
import { StoredAnswer, answerKey } from '../../store/runningAnswers';
import {
  Observation,
  ObservationChanges,
  StoredObservation,
} from '../../store/runningObservations';
import { RunningQuestion } from '../../store/runningQuestions';
import { SeenArtifact, seenArtifacts, seenKey } from './seenArtifacts';

/** How one place answers now, with what it named. */
export type PlaceNow = StoredAnswer & {
  artifacts: RunningAnswer['artifacts'];
};

/** What new answers come to for one entity. */
export type EntityChanges = {
  entityRef: string;
  observations: ObservationChanges;
  /** Questions that the entity dropped and that have nothing to give any more. */
  endedQuestions: string[];
};

/** Stands for all that may run at a place that does not answer. */
function unknownAt(title: string, place: string): string {
  return place
    ? `what runs in ${title} ${place}`
    : `what runs according to ${title}`;
}

/**
 * Compares what is seen for one entity with what is recorded. Only a complete
 * answer ends what was seen. A place without one for longer than `graceMs` gets
 * a row that is never green.
 *
 * @param questions - of the entity, to one observer
 * @param stored - what the observer saw for the entity until now
 * @param placesOf - how a question was answered, all places
 */
export function compareObservations(
  questions: RunningQuestion[],
  stored: StoredObservation[],
  placesOf: (questionId: string) => PlaceNow[],
  { now, graceMs }: { now: Date; graceMs: number },
): EntityChanges {
  const [{ entityRef }] = questions;
  const changes: ObservationChanges = { begun: [], ended: [], described: [] };
  const endedQuestions: string[] = [];
  for (const question of questions) {
    const { questionId, observer, observerTitle: title } = question;
    const places = placesOf(questionId);
    const before = stored.filter(item => item.questionId === questionId);
    const isOver =
      question.droppedAt !== undefined && isExhausted(places, before);
    if (isOver) endedQuestions.push(questionId);
    for (const place of places) {
      const here = before.filter(item => item.place === place.place);
      const seen = new Map<string, SeenArtifact>(
        seenArtifacts(place.artifacts).map(item => [seenKey(item), item]),
      );
      if (!isOver && isSilent(place, now, graceMs)) {
        const unknown = unknownOf(place, title);
        seen.set(seenKey(unknown), unknown);
      }
      const common = { entityRef, observer, questionId, place: place.place };
      addChanges(changes, common, here, seen, place, title);
    }
    // Stood for all places while none was named.
    const named = new Set(places.map(({ place }) => place));
    for (const { id } of before.filter(item => !named.has(item.place))) {
      changes.ended.push({ id, because: `${title} answers again` });
    }
  }
  return { entityRef, observations: changes, endedQuestions };
}

function isSilent(place: PlaceNow, now: Date, graceMs: number): boolean {
  if (place.outcome === 'found') return false;
  const last = place.lastGoodAt ? Date.parse(place.lastGoodAt) : -Infinity;
  return now.getTime() - last > graceMs;
}

function unknownOf(place: PlaceNow, title: string): SeenArtifact {
  return {
    kind: 'image',
    reference: unknownAt(title, place.place),
    problem: place.cause ?? 'it did not answer',
  };
}

/** Nothing was left, where that could be known; a refusal has nothing to lose. */
function isExhausted(places: PlaceNow[], before: StoredObservation[]): boolean {
  return places.every(({ place, outcome, artifacts }) => {
    if (artifacts.length > 0) return false;
    if (outcome === 'found') return true;
    const known = before.filter(item => item.place === place && !item.problem);
    return outcome === 'refused' && known.length === 0;
  });
}

function addChanges(
  changes: ObservationChanges,
  common: Pick<Observation, 'entityRef' | 'observer' | 'questionId' | 'place'>,
  here: StoredObservation[],
  seen: Map<string, SeenArtifact>,
  place: PlaceNow,
  title: string,
): void {
  const known = new Set(here.map(seenKey));
  for (const [key, artifact] of seen) {
    if (!known.has(key)) changes.begun.push({ ...common, ...artifact });
  }
  for (const item of here) {
    const now = seen.get(seenKey(item));
    const isUnknown = item.reference === unknownAt(title, place.place);
    if (!now && (place.outcome === 'found' || isUnknown)) {
      const because = isUnknown
        ? `${title} answers again`
        : `${title} no longer sees it`;
      changes.ended.push({ id: item.id, because });
    } else if (
      now &&
      (now.workload !== item.workload || now.problem !== item.problem)
    ) {
      const { workload, problem } = now;
      changes.described.push({ id: item.id, workload, problem });
    }
  }
}

/** Whether anything is to be written. */
export function hasChanges({
  observations: { begun, ended, described },
  endedQuestions,
}: EntityChanges): boolean {
  return [begun, ended, described, endedQuestions].some(
    list => list.length > 0,
  );
}

/** The answers of all places, those that were not asked among them. */
export function placesByQuestion(
  stored: StoredAnswer[],
  answers: readonly (RunningAnswer & { questionId: string })[],
): Map<string, PlaceNow[]> {
  const named = new Map(answers.map(item => [answerKey(item), item]));
  const places = new Map<string, PlaceNow[]>();
  for (const answer of stored) {
    const list = places.get(answer.questionId) ?? [];
    const artifacts = named.get(answerKey(answer))?.artifacts ?? [];
    places.set(answer.questionId, [...list, { ...answer, artifacts }]);
  }
  return places;
}
