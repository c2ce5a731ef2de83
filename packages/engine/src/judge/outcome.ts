import {
  ArtifactStatus,
  Finding,
  Signer,
  Verification,
  signerWords,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { EvidenceAtHand, Sound, statusOf } from './evidenceAtHand';
import { Rule, states } from './rule';

/** What the evidence at hand comes to under one rule. */
export type Outcome = {
  /** Undefined when there is no evidence that could decide. */
  status?: ArtifactStatus;
  findings: Finding[];
  /** The evidence that decides. */
  deciding?: Verification;
  /** Evidence that holds, when it decides. */
  sound?: Sound;
};

/**
 * Applies a rule: satisfied when one authority is, whole. Otherwise the best
 * that was found decides.
 */
export function applyRule(rule: Rule, evidence: EvidenceAtHand): Outcome {
  let incomplete: Outcome | undefined;
  for (const authority of rule.authorities) {
    const own = evidence.sound.filter(({ facts }) =>
      authority.allows(facts.signer),
    );
    if (own.length === 0) continue;
    const missing = authority.predicateTypes.filter(
      type => !own.some(({ facts }) => states(facts, type)),
    );
    if (missing.length === 0) return decidedBy('expected-signer', [], own[0]);
    incomplete ??= decidedBy(
      'evidence-incomplete',
      [predicateMissing(rule, missing, own)],
      own[0],
    );
  }
  return (
    incomplete ??
    otherSigner(rule, evidence) ??
    unsound(evidence, rootsOf(rule))
  );
}

/** What the evidence at hand comes to where no rule covers the artifact. */
export function withoutRule(
  evidence: EvidenceAtHand,
  detail?: string,
): Outcome {
  const [sound] = evidence.sound;
  const finding: Finding = {
    code: 'policy-missing',
    ...(detail === undefined ? {} : { detail }),
  };
  return sound
    ? decidedBy('no-policy', [finding], sound)
    : unsound(evidence, undefined);
}

/** Tells whether a rule speaks about a trusted root. */
export function concerns(
  roots: ReadonlySet<string> | undefined,
  { trustedRoot }: Verification,
): boolean {
  return roots === undefined || roots.has(trustedRoot);
}

/** The trusted roots that a rule names; undefined when any will do. */
export function rootsOf(rule: Rule): ReadonlySet<string> | undefined {
  const names = rule.authorities.map(({ trustedRoot }) => trustedRoot);
  return names.includes(undefined)
    ? undefined
    : new Set(names.filter(name => name !== undefined));
}

/**
 * Evidence that holds, by someone else. Under a root that the rule does not
 * name, its signer counts as someone else only where the rule's own roots do
 * not know the authority at all; else what they find wrong decides.
 */
function otherSigner(
  rule: Rule,
  evidence: EvidenceAtHand,
): Outcome | undefined {
  const roots = rootsOf(rule);
  const known = new Set(
    evidence.failing
      .filter(
        verification =>
          concerns(roots, verification) &&
          statusOf(verification) !== 'unknown-authority',
      )
      .map(({ evidenceDigest }) => evidenceDigest),
  );
  const other =
    evidence.sound.find(({ verification }) => concerns(roots, verification)) ??
    evidence.sound.find(
      ({ verification }) => !known.has(verification.evidenceDigest),
    );
  if (!other) return undefined;
  const { signer } = other.facts;
  const finding = signerNotAllowed(rule, signer);
  return decidedBy('unexpected-signer', [finding], other);
}

function unsound(
  evidence: EvidenceAtHand,
  roots: ReadonlySet<string> | undefined,
): Outcome {
  const named = evidence.failing.filter(verification =>
    concerns(roots, verification),
  );
  const best =
    named[0] ?? evidence.failing[0] ?? evidence.unsupported[0] ?? undefined;
  return best
    ? { status: statusOf(best), findings: best.findings, deciding: best }
    : { findings: [] };
}

function decidedBy(
  status: ArtifactStatus,
  findings: Finding[],
  sound: Sound,
): Outcome {
  return { status, findings, deciding: sound.verification, sound };
}

function predicateMissing(
  rule: Rule,
  missing: string[],
  own: Sound[],
): Finding {
  const found = own.flatMap(({ facts }) => facts.content.predicateType ?? []);
  return {
    code: 'predicate-missing',
    detail: `the rule "${rule.policy}" requires it`,
    comparisons: missing.map(type => ({
      aspect: 'predicate type',
      found: [...new Set(found)].sort().join(', ') || 'none',
      expected: type,
    })),
  };
}

function signerNotAllowed(rule: Rule, signer: Signer): Finding {
  return {
    code: 'signer-not-allowed',
    detail: `signed by ${signerWords(signer)}, whom the rule "${
      rule.policy
    }" does not allow`,
    comparisons: rule.compare(signer),
  };
}
