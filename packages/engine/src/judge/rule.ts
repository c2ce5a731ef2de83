import {
  EnforcementMode,
  EvidencePlace,
  ExpectedSigner,
  Facts,
  Finding,
  Signer,
  TrustPolicyException,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { SigningWindow } from './signingWindow';

/** Written as the trusted root of an expected signer where any one will do. */
export const ANY_ROOT = 'any';

/** `cosign sign` writes a plain signature as a statement of this type. */
const PLAIN_SIGNATURE = 'https://sigstore.dev/cosign/sign/v1';

/** One way to satisfy a rule. */
export type Authority = {
  name: string;
  /** Undefined for any root that is configured. */
  trustedRoot?: string;
  predicateTypes: readonly string[];
  /** Whether a signature over the artifact is asked for besides. */
  withSignature: boolean;
  window: SigningWindow;
  allows(signer: Signer): boolean;
};

/** A rule that covers an artifact, ready to be applied to an entity. */
export type Rule = {
  policy: string;
  mode: EnforcementMode;
  authorities: readonly Authority[];
  expected: readonly ExpectedSigner[];
  /** Where evidence must be stored; anywhere where it is left out. */
  places?: readonly EvidencePlace[];
  exception?: TrustPolicyException;
  /** Most time since every source answered, as written and in milliseconds. */
  maxAge?: { written: string; ms: number };
  /** A signer that is not allowed, beside what is. */
  compare(signer: Signer): Comparison[];
};

/** What was found beside what was expected. */
export type Comparison = NonNullable<Finding['comparisons']>[number];

/** Whether evidence is an attestation with this predicate type. */
export function states(facts: Facts, predicateType: string): boolean {
  const { content } = facts;
  return content.type === 'in-toto' && content.predicateType === predicateType;
}

/** Whether evidence is a signature over the artifact itself. */
export function isSignature(facts: Facts): boolean {
  return facts.content.type !== 'in-toto' || states(facts, PLAIN_SIGNATURE);
}

/** Names found beside names expected; the root only where it differs. */
export function compareWith(
  expected: readonly ExpectedSigner[],
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
      signer.issuer || 'none: a public key',
      expected.map(({ issuer }) => issuer || 'none: a public key'),
    ),
    ...(roots.includes(signer.trustedRoot) || roots.includes(ANY_ROOT)
      ? []
      : [beside('trusted root', signer.trustedRoot, roots)]),
  ];
}
