import {
  ArtifactStatus,
  Facts,
  Finding,
  Verification,
  compareStatuses,
  statusOfFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';

/** Evidence that holds, under one trusted root. */
export type Sound = { verification: Verification; facts: Facts };

/** What is known of an artifact's evidence, sorted by what it is good for. */
export type EvidenceAtHand = {
  sound: Sound[];
  failing: Verification[];
  /** Of a kind or form that is not read. */
  unsupported: Verification[];
  /** Larger than is read: the signature that is missing may be in there. */
  overCap: Verification[];
  /** Statements about other artifacts: no evidence here (design rule 3.6). */
  aboutOthers: Verification[];
};

/**
 * Sorts the verifications of an artifact. Those of another artifact, and those
 * that neither hold nor say why, are left out.
 *
 * @param digest - of the artifact
 */
export function sortEvidence(
  verifications: Verification[],
  digest: string,
): EvidenceAtHand {
  const at: EvidenceAtHand = {
    sound: [],
    failing: [],
    unsupported: [],
    overCap: [],
    aboutOthers: [],
  };
  for (const verification of verifications) {
    const { artifactDigest, facts, findings } = verification;
    if (artifactDigest !== digest) continue;
    const codes = findings.map(({ code }) => code);
    if (codes.length === 0) {
      if (facts) at.sound.push({ verification, facts });
    } else if (otherArtifact(verification).length > 0) {
      at.aboutOthers.push(verification);
    } else if (codes.includes('evidence-over-cap')) {
      at.overCap.push(verification);
    } else if (statusOf(verification) === 'unsupported-format') {
      at.unsupported.push(verification);
    } else {
      at.failing.push(verification);
    }
  }
  at.sound.sort(newestFirst);
  at.failing.sort(furthestFirst);
  return at;
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
