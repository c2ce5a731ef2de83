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
  bundleStore: { words: 'bundle beside the file', place: 'bundle-store' },
} as const satisfies Record<string, { words: string; place: EvidencePlace }>;

/** Name of a lookup, such as `ghcr.io referrers`. */
export function sourceName(
  reference: ParsedReference,
  question: keyof typeof QUESTIONS,
): string {
  return `${placeOf(reference)} ${QUESTIONS[question].words}`;
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
  return Object.values(QUESTIONS).find(({ words }) =>
    source.endsWith(` ${words}`),
  )?.place;
}
