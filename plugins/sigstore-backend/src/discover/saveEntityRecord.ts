import { Knex } from 'knex';
import { accessOf } from '../access/AccessRule';
import { rebuildEntityStatus } from '../publish/rebuildEntityStatus';
import { Database } from '../store/database';
import { compareDeclarations } from '../store/compareDeclarations';
import {
  begunReferences,
  endedReferences,
  writeDeclarations,
} from '../store/declarationChanges';
import { declarationsOfEntities } from '../store/declarations';
import {
  EntityRecord,
  markEntityGone,
  readEntities,
  saveEntity,
} from '../store/entityStatuses';
import { lockEntityWriters } from '../store/entityLock';
import { referenceId } from '../store/identifiers';
import { lockReferences } from '../store/lease';
import {
  AccessedReference,
  retireReferences,
  scheduleJudging,
  scheduleReferences,
} from '../store/references';
import { endEntityRunning } from './running/saveEntityRunning';
import { UNRECORDED, standsForUnknown } from './unrecorded';

const idOf = ({ kind, reference, access }: AccessedReference) =>
  referenceId(kind, reference, access);

/**
 * Writes what changed about an entity: its declarations, when they are due, and
 * its roll-up. All or nothing.
 *
 * @param entityHash - over the record, to see next time that nothing changed
 */
export async function saveEntityRecord(
  knex: Knex,
  record: EntityRecord,
  entityHash: string,
  now: Date,
): Promise<void> {
  const { entityRef } = record;
  await knex.transaction(async tx => {
    await lockEntityWriters(tx, entityRef);
    const declared = [...record.declared, ...(await keptOf(tx, record))];
    const changes = await compareDeclarations(
      tx,
      entityRef,
      declared,
      reference => accessOf(record.accessRules ?? [], record, reference),
    );
    const begun = begunReferences(changes);
    const ended = endedReferences(changes);
    // Then references before entities, as in every transaction of this plugin.
    await lockReferences(tx, [...[...declared, ...begun].map(idOf), ...ended]);
    await scheduleReferences(tx, begun, now);
    await scheduleJudging(tx, declared.map(idOf).sort(), now);
    await writeDeclarations(tx, entityRef, changes, now);
    await retireReferences(tx, ended);
    await saveEntity(tx, record, entityHash, now);
    await rebuildEntityStatus(tx, entityRef);
  });
}

/** What those declared before that could not say what the entity declares now. */
async function keptOf(
  tx: Database,
  record: EntityRecord,
): Promise<EntityRecord['declared']> {
  const { entityRef, declared, unread = [], accessRules = [] } = record;
  if (unread.length === 0) return [];
  const nameOf = (item: AccessedReference) => `${item.kind} ${item.reference}`;
  const current = new Set(declared.map(nameOf));
  return (await declarationsOfEntities(tx, [entityRef]))
    .filter(
      item =>
        item.declared &&
        unread.includes(item.declaredBy) &&
        !standsForUnknown(item.reference) &&
        !current.has(nameOf(item)),
    )
    .map(({ kind, reference, declaredBy, problem }) => ({
      ...{ kind, reference, declaredBy, problem },
      access: accessOf(accessRules, record, reference),
    }));
}

/**
 * Records that what an entity declares now could not be written: what it
 * declared before stays, beside a row that is never green. The row goes with the
 * next record that can be written.
 */
export async function saveUnrecorded(
  knex: Knex,
  record: EntityRecord,
  now: Date,
): Promise<void> {
  const { entityRef, kind, namespace, name } = record;
  await knex.transaction(async tx => {
    await lockEntityWriters(tx, entityRef);
    const recorded = await declarationsOfEntities(tx, [entityRef]);
    if (!recorded.some(item => item.reference === UNRECORDED.reference)) {
      const [first] = record.declared;
      const row = {
        ...UNRECORDED,
        ...(first && { kind: first.kind, declaredBy: first.declaredBy }),
      };
      await scheduleReferences(tx, [row], now);
      await writeDeclarations(
        tx,
        entityRef,
        { added: [row], removed: [] },
        now,
      );
    }
    const known = (await readEntities(tx, [entityRef])).get(entityRef);
    const { repository } = record;
    const described = known ?? { repository, dependencies: [] };
    // Without a hash it is tried again, also when it is as it was before.
    await saveEntity(
      tx,
      { ...described, entityRef, kind, namespace, name, declared: [] },
      '',
      now,
    );
    await rebuildEntityStatus(tx, entityRef);
  });
}

/** Records that an entity is no longer in the catalog. All or nothing. */
export async function removeEntity(
  knex: Knex,
  entityRef: string,
  now: Date,
): Promise<void> {
  await knex.transaction(async tx => {
    await lockEntityWriters(tx, entityRef);
    await endEntityRunning(tx, entityRef, now);
    const changes = await compareDeclarations(tx, entityRef, []);
    const ended = endedReferences(changes);
    await lockReferences(tx, ended);
    await writeDeclarations(tx, entityRef, changes, now);
    await retireReferences(tx, ended);
    await markEntityGone(tx, entityRef, now);
  });
}
