import { RunningArtifactsSource } from '@cloudythings/backstage-plugin-sigstore-node';
import { Knex } from 'knex';
import { answersOfObserver, endAnswers } from '../../store/runningAnswers';
import { observationsOfObserver } from '../../store/runningObservations';
import { grouped } from './grouped';
import { RunningKnown, saveEntityRunning } from './saveEntityRunning';

/**
 * Ends what was seen at places that an administrator says no longer exist: the
 * only other way for something to end than a complete answer.
 *
 * @param retired - as `observer/place`
 * @throws when the database takes nothing
 */
export async function endRetiredPlaces(
  knex: Knex,
  source: RunningArtifactsSource,
  retired: readonly string[],
  known: RunningKnown,
  now: Date,
): Promise<void> {
  const isRetired = ({ place }: { place: string }) =>
    retired.includes(`${source.id}/${place}`);
  if (retired.length === 0) return;
  const answers = (await answersOfObserver(knex, source.id)).filter(isRetired);
  const observed = (await observationsOfObserver(knex, source.id)).filter(
    isRetired,
  );
  const byEntity = grouped(observed, ({ entityRef }) => entityRef);
  for (const [entityRef, items] of byEntity) {
    const ended = items.map(({ id }) => ({
      id,
      because: 'the place no longer exists, says the configuration',
    }));
    const observations = { begun: [], ended, described: [] };
    const changes = { entityRef, observations, endedQuestions: [] };
    await saveEntityRunning(knex, changes, known, now);
  }
  await knex.transaction(tx =>
    endAnswers(
      tx,
      answers.map(({ id }) => id),
      now,
    ),
  );
}
