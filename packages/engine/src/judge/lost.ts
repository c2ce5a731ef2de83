import {
  ArtifactStatus,
  Finding,
  signerWords,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { EvidenceAtHand, Sound } from './evidenceAtHand';
import { JudgeHistory } from './history';
import { Rule, states } from './rule';
import { Outcome } from './shortfall';
import { satisfiedBy } from './sufficiency';

/** What an earlier artifact having had more makes worse. */
const WEAK: readonly ArtifactStatus[] = ['no-signature', 'evidence-incomplete'];

type Predecessor = NonNullable<JudgeHistory['predecessor']>;

/**
 * Evidence that was there before and is not any more: of this very artifact,
 * or of an earlier one of its line. Asked only where every source answered and
 * nothing suffices.
 *
 * @param gone - what held of the evidence that no source has any more
 * @param rule - undefined where none covers the artifact
 */
export function lost(
  outcome: Outcome,
  rule: Rule | undefined,
  evidence: EvidenceAtHand,
  gone: readonly Sound[],
  { predecessor }: JudgeHistory,
): Outcome | undefined {
  return (
    evidenceGone(rule, evidence, gone) ??
    (predecessor && WEAK.includes(outcome.status ?? 'no-signature')
      ? weaker(outcome, rule, evidence, predecessor)
      : undefined)
  );
}

function evidenceGone(
  rule: Rule | undefined,
  { sound }: EvidenceAtHand,
  gone: readonly Sound[],
): Outcome | undefined {
  const suffices = (evidence: readonly Sound[]) =>
    rule ? satisfiedBy(rule, evidence) : evidence[0];
  const [newest] = gone;
  const relied = sound.filter(({ distrust }) => !distrust);
  if (!newest || suffices(relied) || !suffices([...relied, ...gone])) {
    return undefined;
  }
  const { verification, facts } = suffices(gone) ?? newest;
  const finding: Finding = {
    code: 'evidence-gone',
    detail: `${verification.evidenceDigest}, signed by ${signerWords(
      facts.signer,
    )}`,
  };
  return { status: 'signature-lost', findings: [finding] };
}

function weaker(
  outcome: Outcome,
  rule: Rule | undefined,
  { sound }: EvidenceAtHand,
  { reference, digest, signer, predicateTypes, wasExpected }: Predecessor,
): Outcome | undefined {
  if (!wasExpected) return undefined;
  const before = `${reference} (${digest}) was signed by ${signerWords(
    signer,
  )}`;
  if (sound.length === 0) {
    const finding: Finding = { code: 'weaker-than-before', detail: before };
    return { status: 'signature-lost', findings: [finding] };
  }
  const asked = new Set(
    rule?.authorities.flatMap(authority => authority.predicateTypes),
  );
  const missing = predicateTypes.filter(
    type =>
      asked.has(type) &&
      !sound.some(
        ({ facts, distrust, mismatch }) =>
          !distrust && !mismatch && states(facts, type),
      ),
  );
  if (missing.length === 0) return undefined;
  const finding: Finding = {
    code: 'weaker-than-before',
    detail: before,
    comparisons: missing.map(type => ({
      aspect: 'predicate type',
      found: 'none',
      expected: type,
    })),
  };
  return { ...outcome, status: 'signature-lost', findings: [finding] };
}
