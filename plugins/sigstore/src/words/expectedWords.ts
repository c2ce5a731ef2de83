import {
  ExpectedSigner,
  identityWords,
  issuerName,
  signerWords,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { literalsOf } from './literals';
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
  const who = repository
    ? t('words.anyWorkflow', { repository })
    : joined(expectedIdentities(expected).map(identityWords), t('words.or'));
  return `${who} (${issuerName(issuer)})`;
}

/** What a rule expects, in words, without repetitions. */
export function expectedSignersWords(
  expected: readonly ExpectedSigner[],
  t: Translate,
): string[] {
  return [...new Set(expected.map(one => expectedWords(one, t)))];
}

/**
 * The way of signing that a rule expects and that is most like what was found,
 * for comparing the two: of a rule that allows `release.yml` and
 * `release.yaml`, the one whose difference is the reason.
 */
export function nearestExpectedWords(
  expected: readonly ExpectedSigner[],
  found: string,
  t: Translate,
): string {
  const words = expected.flatMap(one =>
    anyWorkflowOf(one)
      ? [expectedWords(one, t)]
      : expectedIdentities(one).map(identity =>
          signerWords({ issuer: one.issuer, identity }),
        ),
  );
  return nearest(words, found);
}

/**
 * The identities that a rule expects: of a pattern that matches only a few,
 * all of them; of any other, the pattern.
 */
export function expectedIdentities(expected: ExpectedSigner): string[] {
  const { identity, pattern } = expected;
  return (pattern && literalsOf(identity)) || [identity];
}

/** The text that has most in common with another, from both ends. */
export function nearest(texts: readonly string[], other: string): string {
  const common = (text: string) => {
    const shorter = Math.min(text.length, other.length);
    let start = 0;
    while (start < shorter && text[start] === other[start]) start++;
    let end = 0;
    while (end < shorter - start && text.at(-1 - end) === other.at(-1 - end)) {
      end++;
    }
    return start + end;
  };
  return [...texts].sort((a, b) => common(b) - common(a))[0];
}

function anyWorkflowOf(expected: ExpectedSigner): string | undefined {
  if (!expected.pattern || !expected.identity.endsWith('/.*')) return undefined;
  const prefix = literalsOf(expected.identity.slice(0, -2));
  return prefix?.length === 1 ? ANY_WORKFLOW.exec(prefix[0])?.[1] : undefined;
}

/** "a in x" and "b in x" as "a or b in x". */
function joined(words: string[], or: string): string {
  const [, place] = /( in .*)$/.exec(words[0]) ?? [];
  if (!place || !words.every(word => word.endsWith(place))) {
    return words.join(or);
  }
  return words.map(word => word.slice(0, -place.length)).join(or) + place;
}
