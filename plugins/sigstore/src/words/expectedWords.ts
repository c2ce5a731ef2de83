import {
  ExpectedSigner,
  identityWords,
  issuerName,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { momentText } from '../ui/instants';
import { extensionName } from './extensionNames';
import { literalsOf } from './literals';
import { keyText, signerText } from './signerText';
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
  return [whoWords(expected, t), ...conditionWords(expected, t)].join(', ');
}

function whoWords(expected: ExpectedSigner, t: Translate): string {
  if (expected.key) {
    return keyText(expected.identity, expected.authority, t);
  }
  const repository = anyWorkflowOf(expected);
  const who = repository
    ? t('words.anyWorkflow', { repository })
    : joined(
        expectedIdentities(expected).map(identity =>
          identityWords({ issuer: expected.issuer, identity }),
        ),
        t('words.or'),
      );
  return `${who} (${issuerWords(expected, t)})`;
}

/** What a signer must be besides the right one. */
function conditionWords(
  { extensions = {}, signedAfter, signedBefore }: ExpectedSigner,
  t: Translate,
): string[] {
  return [
    ...Object.entries(extensions).map(([key, value]) =>
      t('words.condition.extension', { name: extensionName(key).title, value }),
    ),
    ...windowWords(signedAfter, signedBefore, t),
  ];
}

function windowWords(
  after: string | undefined,
  before: string | undefined,
  t: Translate,
): string[] {
  if (after && before) {
    const window = { start: momentText(after), end: momentText(before) };
    return [t('words.condition.signedBetween', window)];
  }
  if (after) {
    return [t('words.condition.signedAfter', { time: momentText(after) })];
  }
  return before
    ? [t('words.condition.signedBefore', { time: momentText(before) })]
    : [];
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
    one.key || one.issuerPattern || anyWorkflowOf(one)
      ? [whoWords(one, t)]
      : expectedIdentities(one).map(identity =>
          signerText({ issuer: one.issuer, identity }, [], t),
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

function issuerWords(
  { issuer, issuerPattern }: ExpectedSigner,
  t: Translate,
): string {
  if (!issuerPattern) return issuerName(issuer);
  const issuers = literalsOf(issuer);
  return issuers
    ? issuers.map(issuerName).join(t('words.or'))
    : t('words.issuerPattern', { pattern: issuer });
}

/** Only of an issuer that vouches for workflows: others may say anything. */
function anyWorkflowOf(expected: ExpectedSigner): string | undefined {
  const { pattern, identity, issuer } = expected;
  if (!pattern || !identity.endsWith('/.*')) return undefined;
  const [prefix, ...others] = literalsOf(identity.slice(0, -2)) ?? [];
  if (prefix === undefined || others.length > 0) return undefined;
  const example = `${prefix}release.yml@refs/heads/main`;
  const isWorkflow = identityWords({ issuer, identity: example }) !== example;
  return isWorkflow ? ANY_WORKFLOW.exec(prefix)?.[1] : undefined;
}

/** "a in x" and "b in x" as "a or b in x". */
function joined(words: string[], or: string): string {
  const [, place] = /( in .*)$/.exec(words[0]) ?? [];
  if (!place || !words.every(word => word.endsWith(place))) {
    return words.join(or);
  }
  return words.map(word => word.slice(0, -place.length)).join(or) + place;
}
