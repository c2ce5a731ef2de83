import {
  Distrust,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { canonicalJson } from '../store/identifiers';
import { ComparableTrust, RecordedRoot } from '../store/trustGenerations';
import { lowered, weakerDistrust, weakerPolicy } from './weakening';

/** Names of what came, went or is another now. */
export type Difference = {
  added: string[];
  removed: string[];
  changed: string[];
};

/** What a generation changed of the one before it. */
export type TrustChanges = {
  policies: Difference;
  distrusts: Difference;
  trustedRoots: Difference;
  engineRevision?: { from: string; to: string };
  /** Each thing that lets more pass than before, in words. */
  weaker: string[];
};

/**
 * Compares two sets. What makes a set weaker is told as far as it can be told
 * without evidence: that an authority accepts more identities than before is a
 * change of its policy, and no more.
 */
export function compareTrust(
  before: ComparableTrust,
  after: ComparableTrust,
): TrustChanges {
  const policies = versions(before, after, policiesOf);
  const distrusts = versions(before, after, distrustsOf);
  const roots = versions(before, after, rootsOf);
  return {
    policies: difference(policies.before, policies.after),
    distrusts: difference(distrusts.before, distrusts.after),
    trustedRoots: difference(roots.before, roots.after),
    ...(before.engineRevision === after.engineRevision
      ? {}
      : {
          engineRevision: {
            from: before.engineRevision,
            to: after.engineRevision,
          },
        }),
    weaker: [
      ...pairs(policies).flatMap(([name, old, now]) =>
        now ? weakerPolicy(name, old, now) : [`policy ${name} was removed`],
      ),
      ...pairs(distrusts).flatMap(([name, old, now]) =>
        now ? weakerDistrust(name, old, now) : [`distrust ${name} was removed`],
      ),
      ...pairs(roots).flatMap(([name, old, now]) =>
        now ? lowered(name, old.thresholds, now.thresholds) : [],
      ),
      ...[...roots.after.keys()]
        .filter(name => !roots.before.has(name))
        .map(name => `trusted root ${name} was added`),
    ],
  };
}

/** The same in one line, for the log; empty where nothing differs. */
export function describeChanges(changes: TrustChanges): string {
  const { policies, distrusts, trustedRoots, engineRevision } = changes;
  const parts = [
    ...describe('policies', policies),
    ...describe('distrusts', distrusts),
    ...describe('trusted roots', trustedRoots),
    ...(engineRevision
      ? [`engine ${engineRevision.from} → ${engineRevision.to}`]
      : []),
  ];
  return parts.join('; ');
}

function describe(what: string, { added, removed, changed }: Difference) {
  const lists = { added, changed, removed };
  return Object.entries(lists)
    .filter(([, names]) => names.length > 0)
    .map(([how, names]) => `${what} ${how}: ${names.join(', ')}`);
}

type Versions<T> = { before: Map<string, T>; after: Map<string, T> };

function versions<T>(
  before: ComparableTrust,
  after: ComparableTrust,
  named: (trust: ComparableTrust) => (readonly [string, T])[],
): Versions<T> {
  return { before: new Map(named(before)), after: new Map(named(after)) };
}

function policiesOf({ documents }: ComparableTrust) {
  return documents
    .filter((one): one is TrustPolicy => one.kind === 'TrustPolicy')
    .map(one => [one.metadata.name, one] as const);
}

function distrustsOf({ documents }: ComparableTrust) {
  return documents
    .filter((one): one is Distrust => one.kind === 'Distrust')
    .map(one => [one.metadata.name, one] as const);
}

// Where it was read from does not change what it says.
function rootsOf({ trustedRoots }: ComparableTrust) {
  return trustedRoots.map(
    ({ from, ...root }): readonly [string, RecordedRoot] => [root.name, root],
  );
}

function pairs<T>({ before, after }: Versions<T>) {
  return [...before].map(
    ([name, old]) => [name, old, after.get(name)] as const,
  );
}

function difference(
  before: Map<string, unknown>,
  after: Map<string, unknown>,
): Difference {
  const only = (a: Map<string, unknown>, b: Map<string, unknown>) =>
    [...a.keys()].filter(name => !b.has(name)).sort();
  return {
    added: only(after, before),
    removed: only(before, after),
    changed: [...after]
      .filter(
        ([name, value]) =>
          before.has(name) &&
          canonicalJson(before.get(name)) !== canonicalJson(value),
      )
      .map(([name]) => name)
      .sort(),
  };
}
