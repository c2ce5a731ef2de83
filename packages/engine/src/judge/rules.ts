import {
  ArtifactKind,
  EnforcementMode,
  ExpectedSigner,
  KeylessIdentity,
  Signer,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Rule, compareWith } from './rule';
import { sameRepository } from './sameRepository';
import {
  TemplateValues,
  fillTemplate,
  matchesGlob,
  matchesWhole,
} from './patterns';

/**
 * The rules that cover an artifact of an entity: every policy that matches it,
 * else the built-in one where the entity's repository is known, else none.
 */
export function rulesFor(
  policies: TrustPolicy[],
  artifact: { kind: ArtifactKind; reference: string },
  values: TemplateValues,
): Rule[] {
  const matching = policies.filter(({ spec }) =>
    spec.artifacts.some(
      ({ kind, reference }) =>
        kind === artifact.kind &&
        (reference === undefined || matchesGlob(reference, artifact.reference)),
    ),
  );
  if (matching.length > 0) {
    return matching.map(policy => fromPolicy(policy, values));
  }
  return values.repository === undefined
    ? []
    : [sameRepository(values.repository)];
}

function fromPolicy(policy: TrustPolicy, values: TemplateValues): Rule {
  const { authorities, mode } = policy.spec;
  const expected = authorities.flatMap(
    ({ name, keyless, attestations = [] }): ExpectedSigner[] =>
      keyless.identities.map(identity => ({
        policy: policy.metadata.name,
        authority: name,
        trustedRoot: keyless.trustedRoot,
        issuer: identity.issuer,
        identity: filled(identity, values) ?? written(identity),
        pattern: identity.subjectRegExp !== undefined,
        predicateTypes: attestations.map(({ predicateType }) => predicateType),
      })),
  );
  return {
    policy: policy.metadata.name,
    mode,
    authorities: authorities.map(({ name, keyless, attestations = [] }) => ({
      name,
      trustedRoot: keyless.trustedRoot,
      predicateTypes: attestations.map(({ predicateType }) => predicateType),
      allows: signer =>
        signer.trustedRoot === keyless.trustedRoot &&
        keyless.identities.some(identity =>
          isIdentity(signer, identity, values),
        ),
    })),
    expected,
    compare: signer => compareWith(expected, signer),
  };
}

function isIdentity(
  signer: Signer,
  identity: KeylessIdentity,
  values: TemplateValues,
): boolean {
  if (signer.issuer !== identity.issuer) return false;
  const subject = filled(identity, values);
  if (subject === undefined) return false;
  return identity.subjectRegExp === undefined
    ? signer.identity === subject
    : matchesSafely(subject, signer.identity);
}

/** Policies are checked when they are loaded; a bad pattern matches nothing. */
function matchesSafely(expression: string, text: string): boolean {
  try {
    return matchesWhole(expression, text);
  } catch {
    return false;
  }
}

function filled(
  identity: KeylessIdentity,
  values: TemplateValues,
): string | undefined {
  const isPattern = identity.subjectRegExp !== undefined;
  return fillTemplate(written(identity), values, isPattern);
}

function written({ subject, subjectRegExp }: KeylessIdentity): string {
  return subjectRegExp ?? subject ?? '';
}

/** How failures under several rules are shown: as the strictest wants. */
export function modeOf(rules: Rule[]): { mode?: EnforcementMode } {
  if (rules.length === 0) return {};
  const enforced = rules.some(({ mode }) => mode === 'enforce');
  return { mode: enforced ? 'enforce' : 'warn' };
}
