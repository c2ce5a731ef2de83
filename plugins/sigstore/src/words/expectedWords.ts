import {
  ExpectedSigner,
  issuerName,
  signerWords,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Translate } from './translate';

const ANY_WORKFLOW =
  /^https:\/\/github\.com\/([\w.-]+\/[\w.-]+)\/\.github\/workflows\/$/;

/**
 * Says which signer a rule expects. A pattern is said in words only where the
 * words promise exactly what it says; any other stays a pattern.
 *
 * @param expected - a signer that a rule allows
 */
export function expectedWords(expected: ExpectedSigner, t: Translate): string {
  const { issuer } = expected;
  const repository = anyWorkflowOf(expected);
  if (repository) {
    return `${t('words.anyWorkflow', { repository })} (${issuerName(issuer)})`;
  }
  return signerWords({ issuer, identity: expectedIdentity(expected) });
}

/** The first ways of signing that a rule allows, without repetitions. */
export function expectedSignersWords(
  expected: readonly ExpectedSigner[],
  t: Translate,
): string[] {
  return [...new Set(expected.map(one => expectedWords(one, t)))];
}

/**
 * The identity that a rule expects: of a pattern that is nothing but an escaped
 * identity, that identity.
 */
export function expectedIdentity(expected: ExpectedSigner): string {
  const { identity, pattern } = expected;
  return pattern ? literal(unanchored(identity)) ?? identity : identity;
}

function anyWorkflowOf(expected: ExpectedSigner): string | undefined {
  if (!expected.pattern) return undefined;
  const source = unanchored(expected.identity);
  if (!source.endsWith('/.*')) return undefined;
  const prefix = literal(source.slice(0, -2));
  return prefix && ANY_WORKFLOW.exec(prefix)?.[1];
}

function unanchored(pattern: string): string {
  return pattern.replace(/^\^(?:\(\?:(.*)\)|(.*))\$$/, '$1$2');
}

/** The one text that a pattern matches; undefined when it matches others too. */
function literal(pattern: string): string | undefined {
  const text = pattern.replace(/\\([^\w\s])/g, '$1');
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const withoutNeedless = pattern.replace(/\\([^\w\s.*+?^${}()|[\]\\])/g, '$1');
  return escaped === withoutNeedless ? text : undefined;
}
