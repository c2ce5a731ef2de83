import { DeclaredReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { eachChunk } from './chunks';
import { Database } from './database';
import { Declaration } from './declarations';
import { artifactId, referenceId } from './identifiers';
import { AccessedReference } from './references';

/** What replacing what an entity declares, or what runs for it, comes to. */
export type DeclarationChanges = {
  added: (DeclaredReference & AccessedReference)[];
  removed: Declaration[];
  /** What stays in one way, and begins or ends in another or by other credentials. */
  turned?: { before: Declaration; after: Declaration; access?: string }[];
};

/** References that changes begin to make use of. */
export function begunReferences(
  changes: DeclarationChanges,
): AccessedReference[] {
  const { added, turned = [] } = changes;
  return [
    ...added,
    ...turned
      .filter(({ before, after }) => before.referenceId !== after.referenceId)
      .map(({ after: { kind, reference }, access }) => ({
        ...{ kind, reference, access },
      })),
  ];
}

/** References that changes may make nobody use any more. */
export function endedReferences(changes: DeclarationChanges): string[] {
  const { removed, turned = [] } = changes;
  return [...removed, ...turned.map(({ before }) => before)].map(
    item => item.referenceId,
  );
}

/** One text for what an entity has one row of. */
export const nameOf = ({
  kind,
  reference,
}: Pick<Declaration, 'kind' | 'reference'>): string => `${kind} ${reference}`;

/** The name of what is looked up: as it is recorded, or as it would be. */
export function idOf(item: AccessedReference | Declaration): string {
  return 'referenceId' in item
    ? item.referenceId
    : referenceId(item.kind, item.reference, item.access);
}

/**
 * Ends removed declarations and begins added ones; the past stays readable. What
 * turns from declared to running, or back, keeps its verdict, unless it is asked
 * with other credentials.
 *
 * @param as - what the added ones are
 */
export async function writeDeclarations(
  tx: Database,
  entityRef: string,
  changes: DeclarationChanges,
  now: Date,
  as: 'declared' | 'running' = 'declared',
): Promise<void> {
  const removedIds = changes.removed.map(item => item.artifactId);
  const turned = changes.turned ?? [];
  await end(
    tx,
    [...removedIds, ...turned.map(({ before }) => before.artifactId)],
    now,
  );
  const reasked = turned.filter(
    ({ before, after }) => before.referenceId !== after.referenceId,
  );
  const superseded = reasked.map(({ before }) => before.artifactId);
  await eachChunk([...removedIds, ...superseded], ids =>
    tx('verdicts')
      .whereIn('artifact_id', ids)
      .whereNull('superseded_at')
      .update({ superseded_at: now }),
  );
  const runsOn = new Set(
    changes.removed.filter(item => item.running).map(nameOf),
  );
  const begun = changes.added.map(item => ({
    ...item,
    artifactId: artifactId(entityRef, item.kind, item.reference),
    referenceId: idOf(item),
    declared: as === 'declared',
    running: as === 'running' || runsOn.has(nameOf(item)),
    since: undefined,
  }));
  for (const item of [...begun, ...turned.map(({ after }) => after)]) {
    const row = {
      artifact_id: item.artifactId,
      entity_ref: entityRef,
      kind: item.kind,
      reference: item.reference,
      reference_id: item.referenceId,
      declared_by: item.declaredBy,
      problem: item.problem ?? null,
      declared: item.declared,
      running: item.running,
      since: now,
      held_since: item.since ? new Date(item.since) : null,
    };
    // Two changes within one tick of the clock are one.
    await tx('declarations')
      .insert(row)
      .onConflict(['artifact_id', 'since'])
      .merge({ ...row, gone_at: null });
  }
}

async function end(tx: Database, ids: string[], now: Date): Promise<void> {
  await eachChunk(ids, chunk =>
    tx('declarations')
      .whereIn('artifact_id', chunk)
      .whereNull('gone_at')
      .update({ gone_at: now }),
  );
}
