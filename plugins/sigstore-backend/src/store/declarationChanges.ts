import { DeclaredReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { eachChunk } from './chunks';
import { Database } from './database';
import { Declaration, declarationsOfEntities } from './declarations';
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

/**
 * Compares what an entity declares with what is recorded; what is seen running
 * stays. Writes nothing.
 *
 * @param accessOf - with which credentials what only runs is asked
 */
export async function compareDeclarations(
  db: Database,
  entityRef: string,
  declared: (DeclaredReference & AccessedReference)[],
  accessOf: (reference: string) => string | undefined = () => undefined,
): Promise<DeclarationChanges> {
  const recorded = await declarationsOfEntities(db, [entityRef]);
  const key = (item: (DeclaredReference & AccessedReference) | Declaration) =>
    JSON.stringify([item.declaredBy, item.problem, idOf(item)]);
  const before = new Set(
    recorded.filter(item => item.declared).map(item => key(item)),
  );
  const after = new Set(declared.map(key));
  const onlyRunning = new Map(
    recorded.flatMap(item => (item.declared ? [] : [[nameOf(item), item]])),
  );
  const named = new Set(declared.map(nameOf));
  const added = declared.filter(item => !before.has(key(item)));
  const removed = recorded.filter(
    item => item.declared && !after.has(key(item)),
  );
  // A declaration that only changes what it says of itself ends and begins anew.
  const undeclared = (item: Declaration) =>
    item.running && !named.has(nameOf(item));
  return {
    added: added.filter(item => !onlyRunning.has(nameOf(item))),
    removed: removed.filter(item => !undeclared(item)),
    turned: [
      ...removed.filter(undeclared).map(item => {
        const access = accessOf(item.reference);
        const after = { ...item, declared: false };
        return { before: item, after: withAccess(after, access), access };
      }),
      ...[...onlyRunning.values()]
        .filter(item => !named.has(nameOf(item)))
        .flatMap(item => moved(item, accessOf(item.reference))),
      ...added.flatMap(item => {
        const found = onlyRunning.get(nameOf(item));
        const { declaredBy, problem, access } = item;
        if (!found) return [];
        const after = { ...found, declared: true, declaredBy, problem };
        return [{ before: found, after: withAccess(after, access), access }];
      }),
    ],
  };
}

/** One reference that is seen running for an entity. */
export type RunningReference = AccessedReference & {
  /** Who sees it. */
  observer: string;
  /** Why it is not known what runs, in words. */
  problem?: string;
};

/**
 * Compares what runs for an entity with what is recorded; what is declared
 * stays. Writes nothing.
 */
export async function compareRunning(
  db: Database,
  entityRef: string,
  running: RunningReference[],
): Promise<DeclarationChanges> {
  const recorded = await declarationsOfEntities(db, [entityRef]);
  const seen = new Map(running.map(item => [nameOf(item), item]));
  const known = new Set(recorded.map(nameOf));
  const isSame = ({ declared, declaredBy, problem, ...item }: Declaration) => {
    const now = seen.get(nameOf(item));
    if (declared) return item.running === Boolean(now);
    return (
      now?.observer === declaredBy &&
      now.problem === problem &&
      idOf(now) === item.referenceId
    );
  };
  return {
    added: running
      .filter(item => !known.has(nameOf(item)))
      .map(({ observer, ...item }) => ({ ...item, declaredBy: observer })),
    removed: recorded.filter(item => !item.declared && !seen.has(nameOf(item))),
    turned: recorded
      .filter(
        item => !isSame(item) && (item.declared || seen.has(nameOf(item))),
      )
      .map(before => {
        const now = seen.get(nameOf(before));
        return before.declared
          ? { before, after: { ...before, running: Boolean(now) } }
          : {
              before,
              after: {
                ...before,
                referenceId: idOf(now!),
                declaredBy: now!.observer,
                problem: now!.problem,
              },
              access: now!.access,
            };
      }),
  };
}

const nameOf = ({
  kind,
  reference,
}: Pick<Declaration, 'kind' | 'reference'>): string => `${kind} ${reference}`;

/** Recorded, or as it would be. */
function idOf(item: AccessedReference | Declaration): string {
  return 'referenceId' in item
    ? item.referenceId
    : referenceId(item.kind, item.reference, item.access);
}

function withAccess(item: Declaration, access?: string): Declaration {
  const { kind, reference } = item;
  return { ...item, referenceId: referenceId(kind, reference, access) };
}

/** Nothing where it is asked as it was. */
function moved(before: Declaration, access?: string) {
  const after = withAccess(before, access);
  return after.referenceId === before.referenceId
    ? []
    : [{ before, after, access }];
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
