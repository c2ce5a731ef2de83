import {
  ExpectedSigner,
  Signer,
  TrustPolicy,
  TrustPolicyAuthority,
  durationMs,
  requirementOf,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { TemplateValues, fillTemplate } from './patterns';
import { Authority, Comparison, Rule, compareWith } from './rule';
import {
  SignerIdentity,
  compileIdentity,
  isKey,
  keyIdentity,
} from './signerIdentity';

/** Applies a policy to an entity. */
export type RuleOf = (values: TemplateValues) => Rule;

/** An authority of a policy, ready for every entity. */
type CompiledAuthority = {
  authority: Omit<Authority, 'allows'>;
  templated: boolean;
  allows(signer: Signer, values: TemplateValues): boolean;
  expected(values: TemplateValues): Omit<ExpectedSigner, 'policy'>[];
  /** Extensions that are not as they must be; of an allowed identity only. */
  differing(signer: Signer, values: TemplateValues): Comparison[];
};

/**
 * Prepares a policy once, so that applying it to an entity compiles nothing
 * more. Entities of one repository come one after the other: their rule is
 * kept.
 */
export function compilePolicy({ metadata, spec }: TrustPolicy): RuleOf {
  const authorities = spec.authorities.map(compileAuthority);
  const templated = authorities.some(authority => authority.templated);
  const fixed: Omit<Rule, 'authorities' | 'expected' | 'compare'> = {
    policy: metadata.name,
    mode: spec.mode,
    ...(spec.evidence ? { places: spec.evidence } : {}),
    ...(spec.exception ? { exception: spec.exception } : {}),
    ...(spec.maxAge
      ? // What is no duration is over at once.
        { maxAge: { written: spec.maxAge, ms: durationMs(spec.maxAge) ?? 0 } }
      : {}),
  };
  const bind = (values: TemplateValues): Rule => {
    const expected = authorities.flatMap(authority =>
      authority
        .expected(values)
        .map(signer => ({ policy: metadata.name, ...signer })),
    );
    return {
      ...fixed,
      authorities: authorities.map(({ authority, allows }) => ({
        ...authority,
        allows: signer => allows(signer, values),
      })),
      expected,
      compare: signer => [
        ...compareWith(expected, signer),
        ...authorities.flatMap(({ differing }) => differing(signer, values)),
      ],
    };
  };
  let last: { repository?: string; rule: Rule } | undefined;
  return values => {
    if (!last || (templated && last.repository !== values.repository)) {
      last = { repository: values.repository, rule: bind(values) };
    }
    return last.rule;
  };
}

function compileAuthority(written: TrustPolicyAuthority): CompiledAuthority {
  const { name, keyless, key, attestations = [] } = written;
  const { signedAfter, signedBefore } = written;
  const withSignature = requirementOf(written) === 'both';
  const predicateTypes = attestations.map(({ predicateType }) => predicateType);
  const window = {
    ...(signedAfter === undefined ? {} : { signedAfter }),
    ...(signedBefore === undefined ? {} : { signedBefore }),
  };
  const trustedRoot = keyless?.trustedRoot ?? key?.trustedRoot ?? '';
  const identities = (keyless?.identities ?? []).map(compileIdentity);
  const extensions = Object.entries(keyless?.extensions ?? {});
  const keyName = key && keyIdentity(key.data);
  const isNamed = (signer: Signer, values: TemplateValues) =>
    signer.trustedRoot === trustedRoot &&
    (isKey(signer, keyName) ||
      identities.some(identity => identity.matches(signer, values)));
  const unlike = (signer: Signer, values: TemplateValues) =>
    extensions.filter(
      ([extension, value]) =>
        signer.extensions[extension] !== fillTemplate(value, values, false),
    );
  const common = {
    authority: name,
    trustedRoot,
    predicateTypes,
    ...window,
    ...(withSignature ? { withSignature } : {}),
  };
  return {
    authority: { name, trustedRoot, predicateTypes, withSignature, window },
    templated:
      identities.some(identity => identity.templated) ||
      extensions.some(([, value]) => value.includes('{{')),
    allows: (signer, values) =>
      isNamed(signer, values) && unlike(signer, values).length === 0,
    expected: values =>
      key
        ? [{ ...common, ...expectedKey(keyName) }]
        : identities.map(identity => ({
            ...common,
            ...expectedIdentity(identity, values),
            ...(extensions.length === 0
              ? {}
              : { extensions: shownExtensions(extensions, values) }),
          })),
    differing: (signer, values) =>
      isNamed(signer, values)
        ? unlike(signer, values).map(([extension, value]) => ({
            aspect: extension,
            found: signer.extensions[extension] ?? 'not stated',
            expected: fillTemplate(value, values, false) ?? value,
          }))
        : [],
  };
}

function expectedKey(identity: string | undefined) {
  return {
    issuer: '',
    identity: identity ?? 'a key that cannot be read',
    pattern: false,
    key: true,
  };
}

function expectedIdentity(identity: SignerIdentity, values: TemplateValues) {
  const { issuer, issuerPattern, pattern } = identity;
  return {
    issuer,
    ...(issuerPattern ? { issuerPattern } : {}),
    identity: identity.shown(values),
    pattern,
  };
}

function shownExtensions(
  extensions: [string, string][],
  values: TemplateValues,
): Record<string, string> {
  return Object.fromEntries(
    extensions.map(([name, value]) => [
      name,
      fillTemplate(value, values, false) ?? value,
    ]),
  );
}
