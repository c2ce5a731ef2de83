import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { Knex } from 'knex';
import { entitiesThatDiffer } from '../../store/runningDifferences';
import { RunningKnown, saveEntityRunning } from './saveEntityRunning';

/**
 * Makes the rows of entities follow what is seen running for them where they do
 * not. Observers alone would not: they write what changed of what they see.
 *
 * @throws when the database does not answer
 */
export async function healRunning(
  knex: Knex,
  known: RunningKnown,
  logger: LoggerService,
  now: () => Date,
): Promise<void> {
  for (const entityRef of await entitiesThatDiffer(knex)) {
    const observations = { begun: [], ended: [], described: [] };
    const changes = { entityRef, observations, endedQuestions: [] };
    try {
      await saveEntityRunning(knex, changes, known, now());
    } catch (error) {
      logger.error(
        `That the rows of ${entityRef} are not what runs for it was not mended: ${stringifyError(
          error,
        )}`,
      );
    }
  }
}
