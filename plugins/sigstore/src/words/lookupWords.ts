import { Lookup } from '@cloudythings/backstage-plugin-sigstore-common';

/** What a log is asked; its answers are hints. */
const LOG_SEARCH = / log search( of the index)?$/;

/**
 * Lookups that gave no answer: after them nothing is known. A log that offers no
 * search was not asked at all.
 */
export function unanswered(lookups: readonly Lookup[]): Lookup[] {
  return lookups.filter(
    ({ outcome, source }) =>
      outcome !== 'found' &&
      outcome !== 'none' &&
      !(outcome === 'unsupported' && LOG_SEARCH.test(source)),
  );
}

const BESIDE = / bundle beside the file$/;

/**
 * The part of a source's name that says where it is, without how it was asked.
 * What does not begin with a host is a name as a whole.
 */
export function placeOf(source: string): string {
  const [first] = source.split(' ');
  return /[.:/]/.test(first) ? first : source.replace(BESIDE, '');
}

/** Where evidence was looked for, each place once. */
export function placesOf(lookups: readonly Pick<Lookup, 'source'>[]): string[] {
  return [...new Set(lookups.map(({ source }) => placeOf(source)))];
}

/** The latest moment at which a source was asked. */
export function lastAskedAt(lookups: readonly Lookup[]): string | undefined {
  return lookups
    .map(({ askedAt }) => askedAt)
    .sort()
    .pop();
}

/**
 * When every source had answered last, but for searches of logs; undefined where
 * one never did.
 */
export function answeredSince(lookups: readonly Lookup[]): string | undefined {
  const times = lookups
    .filter(({ source }) => !LOG_SEARCH.test(source))
    .map(({ lastGoodAt }) => lastGoodAt ?? '');
  return times.sort()[0] || undefined;
}
