import {
  EvidencePlace,
  ParsedReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { placeOf } from '../resolve/places';

/** How each built-in source is called, after the host it asks. */
const QUESTIONS = {
  referrers: { words: 'referrers', place: 'oci-registry' },
  signatureTag: { words: '.sig tag', place: 'oci-registry' },
  attestationTag: { words: '.att tag', place: 'oci-registry' },
  platforms: { words: 'evidence of platforms', place: 'oci-registry' },
  github: { words: 'attestations', place: 'github' },
  logSearch: { words: 'log search', place: 'transparency-log' },
  bundleStore: { words: 'bundle beside the file', place: 'bundle-store' },
} as const satisfies Record<string, { words: string; place: EvidencePlace }>;

/** What is added where the question is about the index that lists an image. */
const OF_INDEX = ' of the index';

/** What registries are asked. */
export type OciQuestion =
  | 'referrers'
  | 'signatureTag'
  | 'attestationTag'
  | 'platforms';

/**
 * Name of a lookup in a registry, such as `ghcr.io referrers` or
 * `ghcr.io/acme/signatures .sig tag of the index`.
 *
 * @param place - host, with the repository where it is not the artifact's own
 */
export function ociSourceName(
  place: string,
  question: OciQuestion,
  about: 'artifact' | 'index' = 'artifact',
): string {
  const { words } = QUESTIONS[question];
  return `${place} ${words}${about === 'index' ? OF_INDEX : ''}`;
}

/** Name of a lookup, such as `ghcr.io referrers`. */
export function sourceName(
  reference: ParsedReference,
  question: keyof typeof QUESTIONS,
): string {
  return `${placeOf(reference)} ${QUESTIONS[question].words}`;
}

/**
 * Name of a lookup in GitHub's attestations: `github.com/acme/app attestations`.
 *
 * @param place - host, with an owner, and a repository of it
 */
export function githubSourceName(
  place: string,
  about: 'artifact' | 'index' = 'artifact',
): string {
  const { words } = QUESTIONS.github;
  return `${place} ${words}${about === 'index' ? OF_INDEX : ''}`;
}

/** Name of a search of a log: `rekor.example.com log search`. */
export function logSearchName(
  host: string,
  about: 'artifact' | 'index' = 'artifact',
): string {
  const { words } = QUESTIONS.logSearch;
  return `${host} ${words}${about === 'index' ? OF_INDEX : ''}`;
}

/**
 * In which of the places that policies name a source keeps evidence.
 *
 * @param source - name of the lookup that found it
 * @returns undefined for a source that is not built in: evidence from there is
 * in none of the places
 * @public
 */
export function placeOfSource(source: string): EvidencePlace | undefined {
  const asked = source.endsWith(OF_INDEX)
    ? source.slice(0, -OF_INDEX.length)
    : source;
  return Object.values(QUESTIONS).find(({ words }) =>
    asked.endsWith(` ${words}`),
  )?.place;
}
