import {
  ExpectedSigner,
  signerWords,
} from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * Says which signer a rule expects. A pattern that is nothing but an escaped
 * identity is said as that identity; any other stays a pattern, since words
 * could promise more than it says.
 *
 * @param expected - a signer that a rule allows
 */
export function expectedWords(expected: ExpectedSigner): string {
  return signerWords({
    issuer: expected.issuer,
    identity: expectedIdentity(expected),
  });
}

/** The identity a rule expects, with needless escapes removed. */
export function expectedIdentity(expected: ExpectedSigner): string {
  if (!expected.pattern) return expected.identity;
  const source = expected.identity.replace(/^\^(?:\(\?:(.*)\)|(.*))\$$/, '$1$2');
  const plain = source.replace(/\\([^\w\s])/g, '$1');
  const escaped = plain.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const onlyEscapes =
    escaped === source || escaped === source.replace(/\\([/@-])/g, '$1');
  return onlyEscapes ? plain : expected.identity;
}

/** The first ways of signing that a rule allows, without repetitions. */
export function expectedSignersWords(
  expected: readonly ExpectedSigner[],
): string[] {
  return [...new Set(expected.map(expectedWords))];
}
