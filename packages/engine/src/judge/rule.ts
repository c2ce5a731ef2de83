import {
  EnforcementMode,
  ExpectedSigner,
  Facts,
  Finding,
  Signer,
} from '@cloudythings/backstage-plugin-sigstore-common';

/** Written as the trusted root of an expected signer where any one will do. */
export const ANY_ROOT = 'any';

/** One way to satisfy a rule. */
export type Authority = {
  name: string;
  /** Undefined for any root that is configured. */
  trustedRoot?: string;
  predicateTypes: string[];
  allows(signer: Signer): boolean;
};

/** A rule that covers an artifact, ready to be applied to an entity. */
export type Rule = {
  policy: string;
  mode: EnforcementMode;
  authorities: Authority[];
  expected: ExpectedSigner[];
  /** A signer that is not allowed, beside what is. */
  compare(signer: Signer): Comparison[];
};

type Comparison = NonNullable<Finding['comparisons']>[number];

/** Whether evidence is an attestation with this predicate type. */
export function states(facts: Facts, predicateType: string): boolean {
  const { content } = facts;
  return content.type === 'in-toto' && content.predicateType === predicateType;
}

/** Names found beside names expected; the root only where it differs. */
export function compareWith(
  expected: ExpectedSigner[],
  signer: Signer,
): Comparison[] {
  const beside = (aspect: string, found: string, allowed: string[]) => ({
    aspect,
    found,
    expected: [...new Set(allowed)].join(' or '),
  });
  const roots = expected.map(({ trustedRoot }) => trustedRoot);
  return [
    beside(
      'identity',
      signer.identity,
      expected.map(({ identity }) => identity),
    ),
    beside(
      'issuer',
      signer.issuer,
      expected.map(({ issuer }) => issuer),
    ),
    ...(roots.includes(signer.trustedRoot) || roots.includes(ANY_ROOT)
      ? []
      : [beside('trusted root', signer.trustedRoot, roots)]),
  ];
}
