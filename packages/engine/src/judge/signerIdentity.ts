import {
  KeylessIdentity,
  Signer,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { readTrustedKeys } from '../verify/trustedKeys';
import { TemplateValues, compilePattern, fillTemplate } from './patterns';

/** An identity of a policy, ready to be compared with signers. */
export type SignerIdentity = {
  issuer: string;
  issuerPattern: boolean;
  pattern: boolean;
  /** Whether it asks for a value. */
  templated: boolean;
  /** Set where a part of it cannot be read: it matches nobody. */
  unreadable: boolean;
  /** As written where a value it asks for is not known. */
  shown(values: TemplateValues): string;
  matches(signer: Signer, values: TemplateValues): boolean;
};

type Comparison = (values: TemplateValues, text: string) => boolean;

/** Policies are checked when they are loaded; a bad pattern matches nobody. */
const NOBODY: Comparison = () => false;

/** Prepares an identity of a certificate; keys never have one. */
export function compileIdentity(identity: KeylessIdentity): SignerIdentity {
  const written = identity.subjectRegExp ?? identity.subject ?? '';
  const pattern = identity.subjectRegExp !== undefined;
  const issuerPattern = identity.issuerRegExp !== undefined;
  const issuer = identity.issuer ?? identity.issuerRegExp ?? '';
  const isIssuer = comparisonOf(identity.issuer, identity.issuerRegExp);
  const isSubject =
    identity.subject !== undefined && identity.subject.includes('{{')
      ? filledIn(identity.subject)
      : comparisonOf(identity.subject, identity.subjectRegExp);
  return {
    issuer,
    issuerPattern,
    pattern,
    templated: written.includes('{{'),
    unreadable:
      isIssuer === NOBODY || isSubject === NOBODY || issuer.includes('{{'),
    shown: values => fillTemplate(written, values, pattern) ?? written,
    matches: (signer, values) =>
      signer.identityType !== 'public-key' &&
      isIssuer({}, signer.issuer) &&
      isSubject(values, signer.identity),
  };
}

function comparisonOf(
  exact: string | undefined,
  expression: string | undefined,
): Comparison {
  if (exact !== undefined) return (_, text) => text === exact;
  if (expression === undefined) return NOBODY;
  try {
    return compilePattern(expression);
  } catch {
    return NOBODY;
  }
}

function filledIn(exact: string): Comparison {
  return (values, text) => fillTemplate(exact, values, false) === text;
}

/**
 * What names a public key as a signer.
 *
 * @returns undefined where it cannot be read; loading refuses those
 */
export function keyIdentity(pem: string): string | undefined {
  try {
    const [key] = readTrustedKeys([pem]);
    return key.digest;
  } catch {
    return undefined;
  }
}

/** Whether a signer is this key. */
export function isKey(signer: Signer, identity: string | undefined): boolean {
  return (
    signer.identityType === 'public-key' &&
    identity !== undefined &&
    signer.identity === identity
  );
}
