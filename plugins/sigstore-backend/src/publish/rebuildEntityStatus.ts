import {
  ArtifactStatus,
  EnforcementMode,
  countStatuses,
  rollUp,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Database } from '../store/database';
import { declarationsOfEntities } from '../store/declarations';
import { RollUp, lockEntities, saveRollUp } from '../store/entityStatuses';
import { readVerdicts } from '../store/verdicts';

/**
 * Computes the roll-up of one entity from the current verdicts of what it
 * declares, and stores it. Every roll-up is made here. What has no verdict yet
 * counts as pending.
 *
 * @param tx - a transaction; the entity's row is held until it ends
 */
export async function rebuildEntityStatus(
  tx: Database,
  entityRef: string,
): Promise<RollUp> {
  await lockEntities(tx, [entityRef]);
  const declarations = await declarationsOfEntities(tx, [entityRef]);
  const verdicts = await readVerdicts(
    tx,
    declarations.map(declaration => declaration.artifactId),
  );
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
  const result: RollUp = {
    status,
    mode: strictest(modes),
    counts: countStatuses(statuses),
    total: statuses.length,
    decidedAt,
  };
  await saveRollUp(tx, entityRef, result);
  return result;
}

function strictest(
  modes: (EnforcementMode | undefined)[],
): EnforcementMode | undefined {
  if (modes.includes('enforce')) return 'enforce';
  return modes.includes('warn') ? 'warn' : undefined;
}
