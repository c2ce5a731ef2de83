import {
  ArtifactStatus,
  EvidencePlace,
  Facts,
  Finding,
  Verification,
  compareStatuses,
  statusOfFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { builderMismatch } from './builder';
import { DistrustOf } from './distrust';
import { JudgeHistory } from './history';
import { withdrawn } from './withdrawn';

/** Evidence that holds, under one trusted root. */
export type Sound = {
  verification: Verification;
  facts: Facts;
  /** Where it is stored; empty where that is not known. */
  places: readonly EvidencePlace[];
  /** Anybody can log any digest: what only a log has decides nothing bad. */
  onlyLogged: boolean;
  /** Why trust is withdrawn from it. */
  distrust?: Finding;
  /** Why what it states about its builder does not count. */
  mismatch?: Finding;
};

/**
 * Artifacts that belong together with the one that is judged, by digest: an
 * `index` whose hashed bytes list it, or a `platform` that it lists. What is
 * signed of an index is signed of what it lists (design rule 8.2); what is
 * signed of one platform says nothing about the index.
 *
 * @public
 */
export type Relatives = Readonly<Record<string, 'index' | 'platform'>>;

/** What is known of an artifact's evidence, sorted by what it is good for. */
export type EvidenceAtHand = {
  sound: Sound[];
  failing: Verification[];
  /** Failing, and known from a log alone: it decides nothing. */
  hints: Verification[];
  /** Of a kind or form that is not read. */
  unsupported: Verification[];
  /** Larger than is read: the signature that is missing may be in there. */
  overCap: Verification[];
  /** To be verified again: the signature that is missing may be among them. */
  outdated: Verification[];
  /** Statements about other artifacts: no evidence here (design rule 3.6). */
  aboutOthers: Verification[];
  /** What holds of platforms that this index lists: no evidence of the index. */
  ofPlatforms: Verification[];
};

/** What sorting evidence depends on besides the evidence. */
export type SortingContext = {
  /** Of the artifact. */
  digest: string;
  relatives?: Relatives;
  distrust: DistrustOf;
  places?: Readonly<Record<string, readonly EvidencePlace[]>>;
  history: JudgeHistory;
};

const NOWHERE: readonly EvidencePlace[] = [];

/**
 * Sorts the verifications of an artifact. Those of another artifact, and those
 * that neither hold nor say why, are left out.
 */
export function sortEvidence(
  verifications: readonly Verification[],
  { digest, relatives = {}, distrust, places, history }: SortingContext,
): EvidenceAtHand {
  const at: EvidenceAtHand = {
    sound: [],
    failing: [],
    hints: [],
    unsupported: [],
    overCap: [],
    outdated: [],
    aboutOthers: [],
    ofPlatforms: [],
  };
  const aboutOthers = new Set(verifications.filter(isAboutOther).map(pairOf));
  for (const verification of verifications) {
    const { artifactDigest, facts, findings, evidenceDigest } = verification;
    const relative = Object.hasOwn(relatives, artifactDigest)
      ? relatives[artifactDigest]
      : undefined;
    if (artifactDigest !== digest && relative !== 'index') {
      const holds = facts !== undefined && findings.length === 0;
      if (relative === 'platform' && holds) at.ofPlatforms.push(verification);
      continue;
    }
    const stored = placesOf(places, evidenceDigest);
    const onlyLogged =
      stored.length > 0 && stored.every(place => place === 'transparency-log');
    if (findings.length > 0) {
      const list = listFor(at, verification, onlyLogged);
      if (list === at.failing && aboutOthers.has(pairOf(verification)))
        continue;
      list.push(withdrawn(verification, history));
    } else if (facts) {
      at.sound.push({
        verification,
        facts,
        places: stored,
        onlyLogged,
        distrust: distrust(verification, facts),
        mismatch: builderMismatch(facts),
      });
    }
  }
  at.sound.sort(newestFirst);
  at.failing.sort(furthestFirst);
  return at;
}

/**
 * What evidence is about does not depend on the trusted root. One that knows the
 * signer found it to be about another artifact; that the next one does not know
 * the signer says no more.
 */
function isAboutOther({ findings }: Verification): boolean {
  return findings.some(({ code }) => code === 'statement-for-other-artifact');
}

function pairOf({ evidenceDigest, artifactDigest }: Verification): string {
  return `${evidenceDigest} ${artifactDigest}`;
}

function placesOf(
  places: SortingContext['places'],
  evidenceDigest: string,
): readonly EvidencePlace[] {
  return places && Object.hasOwn(places, evidenceDigest)
    ? places[evidenceDigest]
    : NOWHERE;
}

function listFor(
  at: EvidenceAtHand,
  verification: Verification,
  onlyLogged: boolean,
): Verification[] {
  const has = (wanted: Finding['code']) =>
    verification.findings.some(({ code }) => code === wanted);
  if (has('verification-outdated')) return at.outdated;
  if (onlyLogged) return at.hints;
  if (isAboutOther(verification)) return at.aboutOthers;
  if (has('evidence-over-cap')) return at.overCap;
  if (statusOf(verification) === 'unsupported-format') return at.unsupported;
  return at.failing;
}

/** The status that a verification which failed leads to: its worst finding. */
export function statusOf({ findings }: Verification): ArtifactStatus {
  return findings
    .map(({ code }) => statusOfFinding(code))
    .reduce((worst, status) =>
      compareStatuses(status, worst) < 0 ? status : worst,
    );
}

/** The finding by which a statement is about another artifact. */
export function otherArtifact({ findings }: Verification): Finding[] {
  return findings.filter(({ code }) => code === 'statement-for-other-artifact');
}

/** When evidence was made: the earliest time anybody attested. */
export function signedAt({ times }: Facts): string | undefined {
  return times.map(({ time }) => time).sort()[0];
}

function newestFirst(a: Sound, b: Sound): number {
  return (
    compareText(signedAt(b.facts) ?? '', signedAt(a.facts) ?? '') ||
    compareText(identityOf(a.verification), identityOf(b.verification))
  );
}

function furthestFirst(a: Verification, b: Verification): number {
  return (
    compareStatuses(statusOf(b), statusOf(a)) ||
    passed(b) - passed(a) ||
    compareText(identityOf(a), identityOf(b))
  );
}

function passed({ checks }: Verification): number {
  return checks.filter(({ outcome }) => outcome === 'passed').length;
}

function identityOf({ evidenceDigest, trustedRoot }: Verification): string {
  return `${evidenceDigest} ${trustedRoot}`;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
