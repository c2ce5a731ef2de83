import { DeclaredReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { Database } from './database';
import { DeclarationChanges, idOf, nameOf } from './declarationChanges';
import { Declaration, declarationsOfEntities } from './declarations';
import { referenceId } from './identifiers';
import { AccessedReference } from './references';

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
  const now = new Set(declared.map(key));
  const onlyRunning = new Map(
    recorded.flatMap(item => (item.declared ? [] : [[nameOf(item), item]])),
  );
  const named = new Set(declared.map(nameOf));
  const added = declared.filter(item => !before.has(key(item)));
  const removed = recorded.filter(item => item.declared && !now.has(key(item)));
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
