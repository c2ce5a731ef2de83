import { Knex } from 'knex';
import { rebuildEntityStatus } from '../../publish/rebuildEntityStatus';
import { AccessEntity, AccessRule, accessOf } from '../../access/AccessRule';
import { Database } from '../../store/database';
import {
  RunningReference,
  compareRunning,
} from '../../store/compareDeclarations';
import {
  begunReferences,
  endedReferences,
  writeDeclarations,
} from '../../store/declarationChanges';
import { declarationsOfEntities } from '../../store/declarations';
import { lockEntityWriters } from '../../store/entityLock';
import { readEntities } from '../../store/entityStatuses';
import { referenceId } from '../../store/identifiers';
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

/** What is known besides what was seen. */
export type RunningKnown = {
  /** The name of an observer. */
  titleOf: (observer: string) => string;
  /** Who may make use of which credentials. */
  accessRules: readonly AccessRule[];
};

/**
 * Writes what changed of what runs for an entity: observations, what follows for
 * the references it has, when those are due, and its roll-up. All or nothing;
 * nothing of an entity that is gone.
 */
export async function saveEntityRunning(
  knex: Knex,
  { entityRef, observations, endedQuestions }: EntityChanges,
  known: RunningKnown,
  now: Date,
): Promise<void> {
  await knex.transaction(async tx => {
    await lockEntityWriters(tx, entityRef);
    const entity = (await readEntities(tx, [entityRef])).get(entityRef);
    if (!entity) return;
    await lockOwn(
      tx,
      entityRef,
      observations.begun.map(({ kind, reference }) =>
        referenceId(
          kind,
          reference,
          accessOf(known.accessRules, entity, reference),
        ),
      ),
    );
    await writeObservations(tx, observations, now);
    if (endedQuestions.length > 0) {
      await endQuestions(tx, entityRef, endedQuestions, now);
    }
    await applyRunning(tx, entity, known, now);
    await rebuildEntityStatus(tx, entityRef);
  });
}

/**
 * Ends all that runs for an entity that left the catalog. What it had stays
 * readable, and what was asked for it is asked on when it comes back: leaving is
 * no way to hide what runs.
 *
 * @param tx - a transaction that holds `lockEntityWriters`
 */
export async function endEntityRunning(
  tx: Database,
  entityRef: string,
  now: Date,
): Promise<void> {
  await lockOwn(tx, entityRef, []);
  await endObservations(tx, entityRef, 'the entity left the catalog', now);
  const known = { titleOf: (observer: string) => observer, accessRules: [] };
  await applyRunning(tx, { entityRef }, known, now);
}

/**
 * Holds the references of an entity, and some more: they go before everything
 * that belongs to an entity in every transaction of this plugin.
 */
async function lockOwn(
  tx: Database,
  entityRef: string,
  more: string[],
): Promise<void> {
  const own = await declarationsOfEntities(tx, [entityRef]);
  await lockReferences(tx, [...own.map(item => item.referenceId), ...more]);
}

/** Makes the references an entity has follow what is seen running for it. */
async function applyRunning(
  tx: Database,
  entity: AccessEntity,
  { titleOf, accessRules }: RunningKnown,
  now: Date,
): Promise<void> {
  const { entityRef } = entity;
  const seen = await observationsOfEntities(tx, [entityRef]);
  const running = new Map<string, RunningReference>();
  for (const { artifactId, kind, reference, observer, problem } of seen) {
    if (running.has(artifactId)) continue;
    const access = accessOf(accessRules, entity, reference);
    const item = { kind, reference, access, observer: titleOf(observer) };
    running.set(artifactId, problem ? { ...item, problem } : item);
  }
  const changes = await compareRunning(tx, entityRef, [...running.values()]);
  const { turned = [] } = changes;
  const begun = begunReferences(changes);
  await scheduleReferences(tx, begun, now);
  await scheduleJudging(
    tx,
    turned
      .filter(({ before, after }) => before.problem !== after.problem)
      .map(({ before }) => before.referenceId)
      .sort(),
    now,
  );
  await writeDeclarations(tx, entityRef, changes, now, 'running');
  await retireReferences(tx, endedReferences(changes));
}
