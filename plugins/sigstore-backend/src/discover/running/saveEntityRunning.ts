import { Knex } from 'knex';
import { rebuildEntityStatus } from '../../publish/rebuildEntityStatus';
import { Database } from '../../store/database';
import {
  RunningReference,
  compareRunning,
  writeDeclarations,
} from '../../store/declarationChanges';
import { readEntities } from '../../store/entityStatuses';
import { lockReferences } from '../../store/lease';
import {
  retireReferences,
  scheduleJudging,
  scheduleReferences,
} from '../../store/references';
import {
  endObservations,
  observationsOfEntities,
  writeObservations,
} from '../../store/runningObservations';
import { endQuestions } from '../../store/runningQuestions';
import { EntityChanges } from './compareObservations';

/**
 * Writes what changed of what runs for an entity: observations, what follows for
 * the references it has, when those are due, and its roll-up. All or nothing;
 * nothing of an entity that is gone.
 *
 * @param titleOf - the name of an observer
 */
export async function saveEntityRunning(
  knex: Knex,
  { entityRef, observations, endedQuestions }: EntityChanges,
  titleOf: (observer: string) => string,
  now: Date,
): Promise<void> {
  await knex.transaction(async tx => {
    if (!(await readEntities(tx, [entityRef])).has(entityRef)) return;
    await writeObservations(tx, observations, now);
    if (endedQuestions.length > 0) {
      await endQuestions(tx, entityRef, now, endedQuestions);
    }
    await applyRunning(tx, entityRef, titleOf, now);
    await rebuildEntityStatus(tx, entityRef);
  });
}

/**
 * Ends all that runs for an entity that left the catalog, and what is asked for
 * it. What it had stays readable.
 *
 * @param tx - a transaction
 */
export async function endEntityRunning(
  tx: Database,
  entityRef: string,
  now: Date,
): Promise<void> {
  await endQuestions(tx, entityRef, now);
  await endObservations(tx, entityRef, 'the entity left the catalog', now);
  await applyRunning(tx, entityRef, observer => observer, now);
}

/** Makes the references an entity has follow what is seen running for it. */
async function applyRunning(
  tx: Database,
  entityRef: string,
  titleOf: (observer: string) => string,
  now: Date,
): Promise<void> {
  const seen = await observationsOfEntities(tx, [entityRef]);
  const running = new Map<string, RunningReference>();
  for (const { artifactId, kind, reference, observer, problem } of seen) {
    if (running.has(artifactId)) continue;
    const item = { kind, reference, observer: titleOf(observer) };
    running.set(artifactId, problem ? { ...item, problem } : item);
  }
  const changes = await compareRunning(tx, entityRef, [...running.values()]);
  const { removed, turned = [] } = changes;
  const touched = [...removed, ...turned.map(({ before }) => before)];
  const ids = touched.map(({ referenceId }) => referenceId);
  // References go before entities in every transaction of this plugin.
  await lockReferences(tx, ids);
  await scheduleReferences(tx, changes.added, now);
  await scheduleJudging(
    tx,
    turned
      .filter(({ before, after }) => before.problem !== after.problem)
      .map(({ before }) => before.referenceId)
      .sort(),
    now,
  );
  await writeDeclarations(tx, entityRef, changes, now, 'running');
  await retireReferences(
    tx,
    removed.map(({ referenceId }) => referenceId),
  );
}
