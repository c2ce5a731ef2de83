import {
  Finding,
  Lookup,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { answersFor } from './answers';
import { EvidenceAtHand, otherArtifact, signedAt } from './evidenceAtHand';
import type { Verdict } from './judge';
import { Outcome, concerns, rootsOf } from './outcome';
import { Rule } from './rule';
import { distinct, isAnswered } from './unanswered';

/** What a verdict is decided from, once there is a digest. */
export type Case = {
  lookups: Lookup[];
  /** What resolving and collecting reported. */
  findings: Finding[];
  evidence: EvidenceAtHand;
  rules: Rule[];
  /** Why no rule covers the artifact, where there is more to say. */
  uncovered?: string;
};

/** A verdict, but for what the rules say by themselves. */
export type Decision = Omit<Verdict, 'expected' | 'policies'>;

/** Writes a decision down: what decided, and what was seen on the way. */
export function conclude(
  { lookups, findings, evidence, rules }: Case,
  { status = 'no-signature', deciding, sound }: Outcome,
  decisive: Finding[],
  mode: Pick<Verdict, 'mode'>,
): Decision {
  const time = sound && signedAt(sound.facts);
  const said = new Set(decisive.map(finding => JSON.stringify(finding)));
  return {
    status,
    ...mode,
    findings: distinct(decisive),
    notices: distinct([...noticesOf(evidence, rules), ...findings]).filter(
      finding => !said.has(JSON.stringify(finding)),
    ),
    answers: answersFor(
      status,
      evidence,
      sound !== undefined,
      lookups.every(isAnswered),
    ),
    ...(sound ? { signer: sound.facts.signer } : {}),
    ...(time === undefined ? {} : { signedAt: time }),
    ...(deciding ? { decidingEvidence: deciding.evidenceDigest } : {}),
  };
}

/**
 * What is wrong with the evidence, as far as the rules' trusted roots are
 * concerned: that another root does not know an authority is no news.
 */
function noticesOf(evidence: EvidenceAtHand, rules: Rule[]): Finding[] {
  const roots = rules.map(rootsOf);
  const matters = (verification: Verification) =>
    roots.length === 0 || roots.some(names => concerns(names, verification));
  const held = new Set(
    evidence.sound.map(({ verification }) => verification.evidenceDigest),
  );
  const wrong = [
    ...evidence.failing.filter(
      ({ evidenceDigest }) => !held.has(evidenceDigest),
    ),
    ...evidence.unsupported,
    ...evidence.overCap,
  ];
  return [
    ...wrong.filter(matters).flatMap(({ findings: [first] }) => [first]),
    ...evidence.aboutOthers.flatMap(otherArtifact),
  ];
}
