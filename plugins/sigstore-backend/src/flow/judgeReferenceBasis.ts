import {
  EvidencePlace,
  Finding,
  Lookup,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  JudgeHistory,
  Relatives,
  placeOfSource,
} from '@cloudythings/sigstore-engine';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Database } from '../store/database';
import { FactScope } from '../store/facts';
import {
  EarlierFacts,
  EvidenceOf,
  pairOf,
  readEarlierFacts,
  readJudgingFacts,
} from '../store/judgingFacts';
import { readLookups } from '../store/lookups';
import { ReferenceState, readReferences } from '../store/references';
import { Sighting, readSightings } from '../store/sightings';

const OUT_OF_TIME =
  'There was not enough time to verify all evidence of this artifact';

/** Everything stored about a reference that a verdict rests on. */
export type JudgeBasis = {
  digest?: string;
  /** Tag of the newest release, where that is what was asked for. */
  newestTag?: string;
  lookups: Lookup[];
  findings: Finding[];
  verifications: Verification[];
  relatives?: Relatives;
  places: Record<string, EvidencePlace[]>;
  history: Omit<JudgeHistory, 'predecessor'>;
  /** Whether all evidence was verified under the trusted roots in force. */
  isVerified: boolean;
};

/** Facts by evidence and artifact. */
type FactTables = {
  facts: Map<string, Verification[]>;
  earlier: Map<string, EarlierFacts[]>;
};

/**
 * Reads what is stored about some references, by their IDs: no network, no
 * cryptography. What is known of none has no entry.
 */
export async function readBases(
  db: Database,
  referenceIds: string[],
  scope: FactScope,
): Promise<Map<string, JudgeBasis>> {
  const states = await readReferences(db, referenceIds);
  const lookups = await readLookups(db, referenceIds);
  const sightings = new Map<string, Sighting[]>();
  for (const sighting of await readSightings(db, referenceIds)) {
    const list = sightings.get(sighting.referenceId) ?? [];
    sightings.set(sighting.referenceId, list);
    list.push(sighting);
  }
  // An embedded database answers without giving others their turn.
  await nextTurn();
  const tables = await readFacts(db, [...sightings.values()].flat(), scope);
  return new Map(
    [...states].map(([id, state]) => [
      id,
      basisOf(
        state,
        lookups.get(id) ?? [],
        sightings.get(id) ?? [],
        tables,
        scope,
      ),
    ]),
  );
}

async function readFacts(
  db: Database,
  sightings: Sighting[],
  scope: FactScope,
): Promise<FactTables> {
  const facts = await readJudgingFacts(db, sightings, scope);
  // Only what does not hold, or is not known, can have held before.
  const open = sightings.filter(sighting => {
    const known = facts.get(pairOf(sighting)) ?? [];
    return (
      known.length < scope.trustedRoots.length ||
      known.some(({ findings }) => findings.length > 0)
    );
  });
  const earlier = new Map<string, EarlierFacts[]>();
  for (const row of await readEarlierFacts(db, open, scope)) {
    const list = earlier.get(pairOf(row)) ?? [];
    earlier.set(pairOf(row), list);
    list.push(row);
  }
  return { facts, earlier };
}

function basisOf(
  { digest, newestTag, findings }: ReferenceState,
  lookups: Lookup[],
  sightings: Sighting[],
  tables: FactTables,
  scope: FactScope,
): JudgeBasis {
  const related = sightings.filter(({ relation }) => relation !== undefined);
  const isOfPlatform = ({ relation }: Sighting) => relation === 'platform';
  // What says nothing about the artifact is not waited for, nor missed.
  const ofPlatforms = sightings.filter(isOfPlatform);
  const evidence = sightings.filter(one => !isOfPlatform(one));
  const there = evidence.filter(({ sources }) => sources.length > 0);
  // What only the search of a log gave proves nothing by being missing.
  const gone = evidence.filter(
    ({ sources, lostBy }) =>
      sources.length === 0 &&
      lostBy.some(source => placeOfSource(source) !== 'transparency-log'),
  );
  const known = (pair: EvidenceOf) => tables.facts.get(pairOf(pair)) ?? [];
  const waiting = there.flatMap(pair => standIns(pair, tables, scope));
  const waitsGone = gone.some(pair => heldBefore(pair, tables, scope));
  const answeredAt = answeredBy(lookups);
  return {
    digest,
    ...(newestTag ? { newestTag } : {}),
    lookups,
    findings,
    verifications: [
      ...there.flatMap(known),
      ...waiting,
      ...ofPlatforms.filter(({ sources }) => sources.length > 0).flatMap(known),
    ],
    ...(related.length > 0
      ? {
          relatives: Object.fromEntries(
            related.map(one => [one.artifactDigest, one.relation!]),
          ),
        }
      : {}),
    places: Object.fromEntries(
      there.map(({ evidenceDigest, sources }) => [
        evidenceDigest,
        placesOf(sources),
      ]),
    ),
    history: {
      gone: gone.flatMap(known).filter(({ facts }) => facts !== undefined),
      formerlySound: there.flatMap(pair => formerlySound(pair, tables, scope)),
      ...(answeredAt ? { answeredAt } : {}),
    },
    isVerified: waiting.length === 0 && !waitsGone,
  };
}

/**
 * Stands in for verifications that are not there: those that wait since trust
 * changed, and those that time did not suffice for. Never stored: that something
 * was not verified is no fact about it.
 */
function standIns(
  pair: EvidenceOf,
  { facts, earlier }: FactTables,
  { trustedRoots, engineRevision }: FactScope,
): Verification[] {
  const done = new Set(
    facts.get(pairOf(pair))?.map(({ trustedRoot }) => trustedRoot),
  );
  const before = new Set(
    earlier.get(pairOf(pair))?.map(({ trustedRoot }) => trustedRoot),
  );
  return trustedRoots
    .filter(({ name }) => !done.has(name))
    .map(({ name, digest }) => ({
      evidenceDigest: pair.evidenceDigest,
      artifactDigest: pair.artifactDigest,
      trustedRoot: name,
      profileDigest: digest,
      engineRevision,
      checks: [],
      findings: [
        before.has(name)
          ? { code: 'verification-outdated' }
          : { code: 'evidence-over-cap', detail: OUT_OF_TIME },
      ],
    }));
}

/** Whether evidence that is gone held under earlier trust and is not judged yet. */
function heldBefore(
  pair: EvidenceOf,
  { facts, earlier }: FactTables,
  { trustedRoots }: FactScope,
): boolean {
  const done = new Set(
    facts.get(pairOf(pair))?.map(({ trustedRoot }) => trustedRoot),
  );
  return trustedRoots.some(
    ({ name }) =>
      !done.has(name) &&
      earlier
        .get(pairOf(pair))
        ?.some(({ trustedRoot, sound }) => sound && trustedRoot === name),
  );
}

/**
 * Trusted roots under which evidence held that holds no more. What an earlier
 * engine took for sound is no such thing: it may have been its mistake.
 */
function formerlySound(
  pair: EvidenceOf,
  { facts, earlier }: FactTables,
  { engineRevision }: FactScope,
): JudgeHistory['formerlySound'] {
  const failing = (facts.get(pairOf(pair)) ?? [])
    .filter(({ findings }) => findings.length > 0)
    .map(({ trustedRoot }) => trustedRoot);
  const held = (earlier.get(pairOf(pair)) ?? []).filter(
    row => row.sound && row.engineRevision === engineRevision,
  );
  return failing
    .filter(name => held.some(({ trustedRoot }) => trustedRoot === name))
    .map(trustedRoot => ({ evidenceDigest: pair.evidenceDigest, trustedRoot }));
}

function placesOf(sources: string[]): EvidencePlace[] {
  return [...new Set(sources.flatMap(source => placeOfSource(source) ?? []))];
}

/**
 * When every source had answered last; nothing while one never did. Searches of
 * logs do not count: their answers prove nothing.
 */
function answeredBy(lookups: Lookup[]): string | undefined {
  const times = lookups
    .filter(({ source }) => placeOfSource(source) !== 'transparency-log')
    .map(({ lastGoodAt }) => lastGoodAt);
  return times.some(time => time === undefined)
    ? undefined
    : (times as string[]).sort()[0];
}
