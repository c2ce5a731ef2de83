import {
  Finding,
  Lookup,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { answersFor } from './answers';
import {
  EvidenceAtHand,
  Sound,
  otherArtifact,
  signedAt,
} from './evidenceAtHand';
import { hintsNotGiven, isAnsweredOrOptional } from './hints';
import { JudgeHistory } from './history';
import type { Verdict } from './judge';
import { concerns, rootsOf } from './outcome';
import { Rule } from './rule';
import { Outcome } from './shortfall';
import { distinct, isAnswered } from './unanswered';

/** What a verdict is decided from, once there is a digest. */
export type Case = {
  digest: string;
  lookups: readonly Lookup[];
  /** What resolving and collecting reported. */
  findings: readonly Finding[];
  evidence: EvidenceAtHand;
  /** What held of the evidence that no source has any more. */
  gone: readonly Sound[];
  history: JudgeHistory;
  rules: readonly Rule[];
  /** Why no rule covers the artifact, where there is more to say. */
  uncovered?: string;
  /** Of which policies it is not known whether they cover it, and why. */
  undecided: Finding[];
  /** In milliseconds. */
  now: number;
};

/** A verdict, but for what the rules say by themselves. */
export type Decision = Omit<Verdict, 'expected' | 'policies'>;

/** Writes a decision down: what decided, and what was seen on the way. */
export function conclude(
  { digest, lookups, findings, evidence, rules }: Case,
  outcome: Outcome,
  mode: Pick<Verdict, 'mode'>,
): Decision {
  const { status = 'no-signature', deciding, sound, judgeAgainAt } = outcome;
  const time = sound && signedAt(sound.facts);
  const decisive = distinct(outcome.findings);
  return {
    status,
    ...mode,
    findings: decisive,
    notices: distinct(
      [
        ...(outcome.notices ?? []),
        ...noticesOf(evidence, rules),
        ...platformsOnly(evidence),
        ...findings,
        ...hintsNotGiven(lookups),
      ],
      decisive,
    ),
    answers: answersFor(
      status,
      evidence,
      sound !== undefined,
      lookups.every(
        status === 'could-not-check' ? isAnswered : isAnsweredOrOptional,
      ),
    ),
    ...(sound ? { signer: sound.facts.signer } : {}),
    ...(time === undefined ? {} : { signedAt: time }),
    ...(deciding ? { decidingEvidence: deciding.evidenceDigest } : {}),
    ...(deciding && deciding.artifactDigest !== digest
      ? { throughIndex: deciding.artifactDigest }
      : {}),
    ...(judgeAgainAt === undefined
      ? {}
      : { judgeAgainAt: new Date(judgeAgainAt).toISOString() }),
  };
}

/** Said where the images of platforms are signed and the index is not. */
function platformsOnly({ sound, ofPlatforms }: EvidenceAtHand): Finding[] {
  const digests = new Set(ofPlatforms.map(one => one.artifactDigest));
  if (sound.length > 0 || digests.size === 0) return [];
  const some = [...digests].slice(0, 3).join(', ');
  const detail = digests.size > 3 ? `${some}, …` : some;
  return [{ code: 'signed-platforms-only', detail }];
}

/**
 * What is wrong with the evidence, as far as the rules' trusted roots are
 * concerned: that another root does not know an authority is no news.
 */
function noticesOf(
  evidence: EvidenceAtHand,
  rules: readonly Rule[],
): Finding[] {
  const { sound, failing, hints, unsupported, overCap, outdated } = evidence;
  const others = evidence.aboutOthers.flatMap(otherArtifact);
  const doubted = sound.flatMap(({ distrust, mismatch }) => [
    ...(distrust ? [distrust] : []),
    ...(mismatch ? [mismatch] : []),
  ]);
  const wrong = [...failing, ...hints, ...unsupported, ...overCap, ...outdated];
  if (wrong.length === 0) return [...doubted, ...others];
  const roots = rules.map(rootsOf);
  const matters = (verification: Verification) =>
    roots.length === 0 || roots.some(names => concerns(names, verification));
  const held = new Set(
    sound.map(({ verification }) => verification.evidenceDigest),
  );
  return [
    ...doubted,
    ...wrong
      .filter(
        verification =>
          matters(verification) &&
          !(
            held.has(verification.evidenceDigest) &&
            failing.includes(verification)
          ),
      )
      .flatMap(({ findings: [first] }) => [first]),
    ...others,
  ];
}
