import {
  ArtifactKind,
  EnforcementMode,
  ExpectedSigner,
  KeylessIdentity,
  Signer,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { coveredOtherwise, covers } from './coverage';
import { Rule, compareWith } from './rule';
import { sameRepository } from './sameRepository';
import { TemplateValues, fillTemplate, matchesPattern } from './patterns';

/** The rules that cover an artifact. */
type Coverage = {
  rules: Rule[];
  /** Why the built-in rule does not stand in where there is none. */
  uncovered?: string;
};

/**
 * The rules that cover an artifact of an entity: every policy that matches it,
 * else the built-in one where the entity's repository is known and no policy
 * was escaped by the way the artifact is declared, else none.
 */
export function rulesFor(
  policies: TrustPolicy[],
  artifact: { kind: ArtifactKind; reference: string },
  values: TemplateValues,
): Coverage {
  const matching = policies.filter(policy => covers(policy, artifact));
  if (matching.length > 0) {
    return { rules: matching.map(policy => fromPolicy(policy, values)) };
  }
  const uncovered = coveredOtherwise(policies, artifact);
  if (uncovered !== undefined) return { rules: [], uncovered };
  const { repository } = values;
  return {
    rules: repository === undefined ? [] : [sameRepository(repository)],
  };
}

function fromPolicy(policy: TrustPolicy, values: TemplateValues): Rule {
  const authorities = policy.spec.authorities.map(
    ({ name, keyless, key, attestations = [] }) => ({
      name,
      trustedRoot: keyless?.trustedRoot ?? key?.trustedRoot ?? '',
      predicateTypes: attestations.map(({ predicateType }) => predicateType),
      allowed: (keyless?.identities ?? []).map(identity =>
        allow(identity, values),
      ),
    }),
  );
  const expected = authorities.flatMap(
    ({ name, trustedRoot, predicateTypes, allowed }): ExpectedSigner[] =>
      allowed.map(({ issuer, shown, isPattern }) => ({
        policy: policy.metadata.name,
        authority: name,
        trustedRoot,
        issuer,
        identity: shown,
        pattern: isPattern,
        predicateTypes,
      })),
  );
  return {
    policy: policy.metadata.name,
    mode: policy.spec.mode,
    authorities: authorities.map(({ allowed, ...authority }) => ({
      ...authority,
      allows: signer =>
        signer.trustedRoot === authority.trustedRoot &&
        allowed.some(one => isIdentity(signer, one, values)),
    })),
    expected,
    compare: signer => compareWith(expected, signer),
  };
}

/** An identity of a policy, as written and with its values filled in. */
type Allowed = {
  issuer: string;
  isPattern: boolean;
  written: string;
  /** Undefined when a value it asks for is not known: matches nobody. */
  subject: string | undefined;
  shown: string;
};

function allow(identity: KeylessIdentity, values: TemplateValues): Allowed {
  const { issuer = '', subject, subjectRegExp } = identity;
  const isPattern = subjectRegExp !== undefined;
  const written = subjectRegExp ?? subject ?? '';
  const filled = fillTemplate(written, values, isPattern);
  const shown = filled ?? written;
  return { issuer, isPattern, written, subject: filled, shown };
}

function isIdentity(
  signer: Signer,
  { issuer, isPattern, written, subject }: Allowed,
  values: TemplateValues,
): boolean {
  if (signer.issuer !== issuer || subject === undefined) return false;
  if (!isPattern) return signer.identity === subject;
  try {
    return matchesPattern(written, values, signer.identity);
  } catch {
    // Policies are checked when they are loaded; a bad pattern matches nobody.
    return false;
  }
}

/** How failures under several rules are shown: as the strictest wants. */
export function modeOf(rules: Rule[]): { mode?: EnforcementMode } {
  if (rules.length === 0) return {};
  const enforced = rules.some(({ mode }) => mode === 'enforce');
  return { mode: enforced ? 'enforce' : 'warn' };
}
