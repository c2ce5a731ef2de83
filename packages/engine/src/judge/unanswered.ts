import {
  Finding,
  FindingCode,
  Lookup,
  statusOfFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { placeOfSource } from '../collect/sourceNames';
import { EvidenceAtHand } from './evidenceAtHand';

const CODES: Partial<Record<Lookup['outcome'], FindingCode>> = {
  refused: 'source-refused',
  unreachable: 'source-unreachable',
  'over-cap': 'evidence-over-cap',
  unsupported: 'format-unsupported',
};

const CAUSES: Partial<Record<FindingCode, Lookup['outcome']>> = {
  'source-refused': 'refused',
  'host-not-allowed': 'refused',
  'source-unreachable': 'unreachable',
  'running-unknown': 'unreachable',
  'evidence-over-cap': 'over-cap',
};

/** Whether a lookup was answered. */
export function isAnswered({ outcome }: Lookup): boolean {
  return outcome === 'found' || outcome === 'none';
}

/**
 * Whether a lookup is the search of a log. The index of a log is incomplete, and
 * anybody can log anything: what it gives are hints (design rule 3.4), and what
 * it does not give is less than what another source leaves open.
 */
export function givesHints({ source }: Lookup): boolean {
  return placeOfSource(source) === 'transparency-log';
}

/**
 * Findings about what is not known: of the sources that did not answer, but for
 * those that give hints, and of evidence that is larger than is read. Empty when
 * everything was answered.
 */
export function unansweredFindings(
  lookups: readonly Lookup[],
  findings: readonly Finding[],
  evidence?: EvidenceAtHand,
): Finding[] {
  const unanswered = lookups.filter(
    lookup => !isAnswered(lookup) && !givesHints(lookup),
  );
  const overCap = evidence?.overCap.flatMap(v => v.findings) ?? [];
  if (unanswered.length === 0 && overCap.length === 0) return [];
  const reported = findings.filter(
    ({ code }) => statusOfFinding(code) === 'could-not-check',
  );
  const unreported = unanswered
    .filter(
      ({ outcome }) => !reported.some(({ code }) => CAUSES[code] === outcome),
    )
    .map(lookup => findingOf(lookup));
  return distinct([...reported, ...unreported, ...overCap]);
}

/** What a lookup says that was not answered. */
export function findingOf({ source, outcome, cause }: Lookup): Finding {
  return {
    code: CODES[outcome] ?? 'source-unreachable',
    detail: cause ? `${source}: ${cause}` : source,
  };
}

/**
 * Leaves out findings that say the same twice.
 *
 * @param said - what was said already
 */
export function distinct(
  findings: readonly Finding[],
  said: readonly Finding[] = [],
): Finding[] {
  if (findings.length + said.length < 2) return [...findings];
  const seen = new Set(said.map(finding => JSON.stringify(finding)));
  return findings.filter(finding => {
    const key = JSON.stringify(finding);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
