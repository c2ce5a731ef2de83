import {
  ArtifactStatus,
  EnforcementMode,
  countStatuses,
  rollUp,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Database } from '../store/database';
import { Declaration, declarationsOfEntities } from '../store/declarations';
import { RollUp, lockEntities } from '../store/entityStatuses';
import { saveRollUps } from '../store/rollUps';
import { readStatuses } from '../store/verdicts';

type Statuses = Awaited<ReturnType<typeof readStatuses>>;

/**
 * Computes the roll-ups of some entities from the current verdicts of what they
 * declare, and stores them. Every roll-up is made here. What has no verdict yet
 * counts as pending.
 *
 * @param tx - a transaction; the rows of the entities are held until it ends
 */
export async function rebuildEntityStatuses(
  tx: Database,
  entityRefs: string[],
): Promise<Map<string, RollUp>> {
  await lockEntities(tx, entityRefs);
  const declarations = await declarationsOfEntities(tx, entityRefs);
  const verdicts = await readStatuses(
    tx,
    declarations.map(({ artifactId }) => artifactId),
  );
  const declared = new Map(
    entityRefs.map(ref => [ref, [] as Declaration[]] as const),
  );
  declarations.forEach(item => declared.get(item.entityRef)?.push(item));
  const rollUps = new Map(
    [...declared].map(([ref, own]) => [ref, rollUpOf(own, verdicts)] as const),
  );
  await saveRollUps(tx, rollUps);
  return rollUps;
}

/** The same for one entity. */
export async function rebuildEntityStatus(
  tx: Database,
  entityRef: string,
): Promise<RollUp> {
  return (await rebuildEntityStatuses(tx, [entityRef])).get(entityRef)!;
}

function rollUpOf(declarations: Declaration[], verdicts: Statuses): RollUp {
  const judged = declarations.map(({ artifactId }) => verdicts.get(artifactId));
  const statuses = judged.map(
    (verdict): ArtifactStatus => verdict?.status ?? 'pending',
  );
  const status = rollUp(statuses);
  const modes = judged
    .filter(verdict => verdict?.status === status)
    .map(verdict => verdict?.mode);
  const decidedAt = judged
    .flatMap(verdict => (verdict ? [verdict.decidedAt] : []))
    .sort()
    .pop();
  return {
    status,
    mode: strictest(modes),
    counts: countStatuses(statuses),
    total: statuses.length,
    decidedAt,
  };
}

function strictest(
  modes: (EnforcementMode | undefined)[],
): EnforcementMode | undefined {
  if (modes.includes('enforce')) return 'enforce';
  return modes.includes('warn') ? 'warn' : undefined;
}
