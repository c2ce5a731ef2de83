import { Knex } from 'knex';
import { rebuildEntityStatus } from '../publish/rebuildEntityStatus';
import { compareDeclarations, writeDeclarations } from '../store/declarations';
import {
  EntityRecord,
  markEntityGone,
  saveEntity,
} from '../store/entityStatuses';
import { referenceId } from '../store/identifiers';
import { lockReferences } from '../store/lease';
import {
  retireReferences,
  scheduleJudging,
  scheduleReferences,
} from '../store/references';

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
  const { entityRef, declared } = record;
  await knex.transaction(async tx => {
    const changes = await compareDeclarations(tx, entityRef, declared);
    // References go before entities in every transaction of this plugin.
    await lockReferences(tx, [
      ...declared.map(item => referenceId(item.kind, item.reference)),
      ...changes.removed.map(item => item.referenceId),
    ]);
    await scheduleReferences(tx, changes.added, now);
    await scheduleJudging(
      tx,
      declared.map(item => referenceId(item.kind, item.reference)).sort(),
      now,
    );
    await writeDeclarations(tx, entityRef, changes, now);
    await retireReferences(
      tx,
      changes.removed.map(item => item.referenceId),
    );
    await saveEntity(tx, record, entityHash, now);
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
    const changes = await compareDeclarations(tx, entityRef, []);
    await lockReferences(
      tx,
      changes.removed.map(item => item.referenceId),
    );
    await writeDeclarations(tx, entityRef, changes, now);
    await retireReferences(
      tx,
      changes.removed.map(item => item.referenceId),
    );
    await markEntityGone(tx, entityRef, now);
  });
}
