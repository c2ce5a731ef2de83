import {
  ArtifactObservation,
  Lookup,
  parseReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { readArtifactChildren } from '../store/artifacts';
import { Database } from '../store/database';
import { Declaration, declarationsOfEntities } from '../store/declarations';
import { readReferences } from '../store/references';
import { StoredAnswer, answerKey, answersTo } from '../store/runningAnswers';
import {
  StoredObservation,
  observationsOfEntities,
} from '../store/runningObservations';
import { questionsOfEntities } from '../store/runningQuestions';

/** What is told of an artifact that is seen running. */
export type RunningDescription = {
  observations: ArtifactObservation[];
  /** Places that were asked what runs, where nobody knows what does. */
  lookups?: Lookup[];
  /** A declared reference that leads to the same bytes. */
  declaredAs?: string;
};

/**
 * Reads where artifacts are seen running, by artifact ID. A place that does not
 * answer is named with the time it last did.
 */
export async function readObservations(
  db: Database,
  declarations: Declaration[],
): Promise<Map<string, RunningDescription>> {
  const running = declarations.filter(item => item.running);
  if (running.length === 0) return new Map();
  const entityRefs = [...new Set(running.map(({ entityRef }) => entityRef))];
  const ids = new Set(running.map(({ artifactId }) => artifactId));
  const observed = (await observationsOfEntities(db, entityRefs)).filter(item =>
    ids.has(item.artifactId),
  );
  const titles = new Map(
    (await questionsOfEntities(db, entityRefs)).map(item => [
      item.observer,
      item.observerTitle,
    ]),
  );
  const answers = new Map(
    (
      await answersTo(db, [...new Set(observed.map(item => item.questionId))])
    ).map(answer => [answerKey(answer), answer]),
  );
  const declaredAs = await readDeclaredAs(db, entityRefs, running);
  return new Map(
    running.map(({ artifactId, problem, declared }) => {
      const seen = observed
        .filter(item => item.artifactId === artifactId)
        .map(item => ({
          item,
          title: titles.get(item.observer) ?? item.observer,
          answer: answers.get(answerKey(item)),
        }));
      const isUnknown = !declared && problem !== undefined;
      const named = declaredAs.get(artifactId);
      return [
        artifactId,
        {
          observations: onePerPlace(
            seen.map(({ item, title, answer }) =>
              toObservation(item, title, answer),
            ),
          ),
          ...(isUnknown
            ? {
                lookups: seen.flatMap(({ item, title, answer }) =>
                  answer && answer.outcome !== 'found'
                    ? [toLookup(`${title} ${item.place}`, answer)]
                    : [],
                ),
              }
            : {}),
          ...(named ? { declaredAs: named } : {}),
        },
      ];
    }),
  );
}

function toObservation(
  { place, workload, firstSeenAt }: StoredObservation,
  observer: string,
  answer: StoredAnswer | undefined,
): ArtifactObservation {
  const [lastSeenAt] = [firstSeenAt, answer?.lastGoodAt ?? ''].sort().reverse();
  const isSilent = answer !== undefined && answer.outcome !== 'found';
  return {
    observer,
    place,
    ...(workload ? { workload } : {}),
    firstSeenAt,
    lastSeenAt,
    ...(isSilent ? { silentSince: answer.since } : {}),
  };
}

function toLookup(source: string, answer: StoredAnswer): Lookup {
  const { outcome, cause, askedAt, lastGoodAt } = answer;
  return {
    source: source.trim(),
    outcome,
    ...(cause ? { cause } : {}),
    askedAt,
    ...(lastGoodAt ? { lastGoodAt } : {}),
  };
}

/** Two questions of an entity may lead to the same place. */
function onePerPlace(
  observations: ArtifactObservation[],
): ArtifactObservation[] {
  const byPlace = new Map<string, ArtifactObservation>();
  for (const item of observations) {
    const key = `${item.observer} ${item.place}`;
    const other = byPlace.get(key);
    if (!other || item.lastSeenAt > other.lastSeenAt) byPlace.set(key, item);
  }
  return [...byPlace.values()];
}

/** Which declared references lead to what is only seen running. */
async function readDeclaredAs(
  db: Database,
  entityRefs: string[],
  running: Declaration[],
): Promise<Map<string, string>> {
  const undeclared = running.filter(item => !item.declared);
  if (undeclared.length === 0) return new Map();
  const declared = (await declarationsOfEntities(db, entityRefs)).filter(
    item => item.declared,
  );
  const states = await readReferences(
    db,
    declared.map(item => item.referenceId),
  );
  const digestOf = (item: Declaration) => states.get(item.referenceId)?.digest;
  const children = await readArtifactChildren(
    db,
    declared.flatMap(item => digestOf(item) ?? []),
  );
  const leadsTo = (item: Declaration, digest: string) => {
    const found = digestOf(item);
    return (
      found !== undefined &&
      (found === digest || children.get(found)?.has(digest))
    );
  };
  return new Map(
    undeclared.flatMap(({ artifactId, entityRef, kind, reference }) => {
      const result = parseReference(reference);
      const digest =
        result.ok && result.parsed.type === 'oci'
          ? result.parsed.digest
          : undefined;
      const named =
        digest &&
        declared.find(
          item =>
            item.entityRef === entityRef &&
            item.kind === kind &&
            leadsTo(item, digest),
        );
      return named ? [[artifactId, named.reference] as const] : [];
    }),
  );
}
