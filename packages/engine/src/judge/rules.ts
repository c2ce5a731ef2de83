import {
  ArtifactKind,
  EnforcementMode,
  Finding,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { RuleOf, compilePolicy } from './compiledPolicy';
import { Declared, coveredOtherwise, covers, undecided } from './coverage';
import { Rule } from './rule';
import { sameRepository } from './sameRepository';

/** The rules that cover an artifact. */
type Coverage = {
  rules: Rule[];
  /** Why the built-in rule does not stand in where there is none. */
  uncovered?: string;
  /** Of which policies it is not known whether they cover it, and why. */
  undecided: Finding[];
};

/** Where the values that rules fill in come from. */
type Repositories = { repository?: string; chosenRepository?: string };

type Compiled = { policy: TrustPolicy; ruleOf: RuleOf };

const compiledSets = new WeakMap<
  readonly TrustPolicy[],
  Map<ArtifactKind, Compiled[]>
>();
const compiledPolicies = new WeakMap<TrustPolicy, Compiled>();

/**
 * The rules that cover an artifact of an entity: every policy that matches it,
 * else the built-in one where the entity's repository is known and no policy
 * was escaped by the way the artifact is declared, else none.
 */
export function rulesFor(
  policies: readonly TrustPolicy[],
  artifact: Declared,
  entity: Repositories,
): Coverage {
  const rules: Rule[] = [];
  const open: Finding[] = [];
  for (const { policy, ruleOf } of compiled(policies).get(artifact.kind) ??
    []) {
    const isCovered = covers(policy, artifact);
    if (isCovered) rules.push(ruleOf(valuesFor(policy, entity)));
    if (isCovered === undefined) open.push(undecided(policy, artifact));
  }
  if (rules.length > 0 || open.length > 0) return { rules, undecided: open };
  const uncovered = coveredOtherwise(policies, artifact);
  if (uncovered !== undefined) return { rules, uncovered, undecided: open };
  const { repository } = entity;
  return {
    rules: repository === undefined ? [] : [sameRepository(repository)],
    undecided: open,
  };
}

/** How failures under several rules are shown: as the strictest wants. */
export function modeOf(rules: readonly Rule[]): { mode?: EnforcementMode } {
  if (rules.length === 0) return {};
  const enforced = rules.some(({ mode }) => mode === 'enforce');
  return { mode: enforced ? 'enforce' : 'warn' };
}

/** What the entity chose itself is for policies alone that ask for it. */
function valuesFor({ spec }: TrustPolicy, entity: Repositories) {
  return {
    repository:
      spec.repositoryFrom === 'source-location'
        ? entity.chosenRepository
        : entity.repository,
  };
}

/** A set of policies is applied to a whole fleet: it is compiled once. */
function compiled(
  policies: readonly TrustPolicy[],
): Map<ArtifactKind, Compiled[]> {
  const known = compiledSets.get(policies);
  if (known) return known;
  const set = new Map<ArtifactKind, Compiled[]>();
  for (const policy of policies) {
    const kinds = new Set(policy.spec.artifacts.map(({ kind }) => kind));
    for (const kind of kinds) {
      set.set(kind, [...(set.get(kind) ?? []), compiledPolicy(policy)]);
    }
  }
  compiledSets.set(policies, set);
  return set;
}

function compiledPolicy(policy: TrustPolicy): Compiled {
  const known = compiledPolicies.get(policy);
  if (known) return known;
  const fresh = { policy, ruleOf: compilePolicy(policy) };
  compiledPolicies.set(policy, fresh);
  return fresh;
}
