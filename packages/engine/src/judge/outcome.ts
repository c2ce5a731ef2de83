import {
  Finding,
  Verification,
  compareStatuses,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { EvidenceAtHand, Sound, statusOf } from './evidenceAtHand';
import { Rule } from './rule';
import { Outcome, decidedBy, shortOfRule, signerNotAllowed } from './shortfall';
import { isPlaced, satisfiedBy } from './sufficiency';

/**
 * Applies a rule: satisfied when one authority is, whole, by evidence that is
 * not distrusted and stored where the rule wants it. Otherwise the worst of
 * what keeps it from being satisfied decides.
 */
export function applyRule(rule: Rule, evidence: EvidenceAtHand): Outcome {
  const relied = evidence.sound.filter(({ distrust }) => !distrust);
  const by = satisfiedBy(
    rule,
    relied.filter(sound => isPlaced(rule, sound)),
  );
  if (by) return decidedBy('expected-signer', [], by);
  // What would suffice elsewhere is said even of what is distrusted, so that
  // withdrawing trust makes nothing look better.
  const elsewhere = rule.places && satisfiedBy(rule, evidence.sound);
  return worstOf([
    distrusted(evidence),
    elsewhere && inOtherPlace(rule, elsewhere),
    short(rule, evidence),
  ]);
}

/** What the evidence at hand comes to where no rule covers the artifact. */
export function withoutRule(
  evidence: EvidenceAtHand,
  detail?: string,
): Outcome {
  const relied = evidence.sound.find(({ distrust }) => !distrust);
  if (relied) {
    const finding: Finding = {
      code: 'policy-missing',
      ...(detail === undefined ? {} : { detail }),
    };
    return decidedBy('no-policy', [finding], relied);
  }
  return worstOf([distrusted(evidence), unsound(evidence, undefined)]);
}

/** Of several outcomes, the worst; without a status, nothing was found. */
export function worstOf(outcomes: (Outcome | undefined)[]): Outcome {
  const rank = ({ status = 'no-signature' }: Outcome) => status;
  return outcomes
    .filter(outcome => outcome !== undefined)
    .reduce((worst, outcome) =>
      compareStatuses(rank(outcome), rank(worst)) < 0 ? outcome : worst,
    );
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

/** What evidence comes to from which trust is withdrawn. */
export function distrusted({ sound }: EvidenceAtHand): Outcome | undefined {
  const found = sound.find(
    ({ distrust, onlyLogged }) => distrust !== undefined && !onlyLogged,
  );
  return found?.distrust
    ? decidedBy('unexpected-signer', [found.distrust], found)
    : undefined;
}

function inOtherPlace(rule: Rule, sound: Sound): Outcome {
  const finding: Finding = {
    code: 'evidence-elsewhere',
    detail: `the rule "${rule.policy}" wants it stored elsewhere`,
    comparisons: [
      {
        aspect: 'place',
        found: sound.places.join(', ') || 'none that is known',
        expected: (rule.places ?? []).join(' or '),
      },
    ],
  };
  return decidedBy('evidence-incomplete', [finding], sound);
}

/**
 * What is missing in evidence, wherever it is and whoever distrusts it, so
 * that neither of the two makes anything look better.
 */
function short(rule: Rule, evidence: EvidenceAtHand): Outcome | undefined {
  const decisive = evidence.sound.filter(({ onlyLogged }) => !onlyLogged);
  if (satisfiedBy(rule, decisive)) return undefined;
  return (
    shortOfRule(rule, decisive) ??
    otherSigner(rule, decisive, evidence) ??
    unsound(evidence, rootsOf(rule))
  );
}

/**
 * Evidence that holds, by someone else. Under a root that the rule does not
 * name, its signer counts as someone else only where the rule's own roots do
 * not know the authority at all; else what they find wrong decides.
 */
function otherSigner(
  rule: Rule,
  sound: readonly Sound[],
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
    sound.find(({ verification }) => concerns(roots, verification)) ??
    sound.find(({ verification }) => !known.has(verification.evidenceDigest));
  if (!other) return undefined;
  const finding = signerNotAllowed(rule, other.facts.signer);
  return decidedBy('unexpected-signer', [finding], other);
}

function unsound(
  evidence: EvidenceAtHand,
  roots: ReadonlySet<string> | undefined,
): Outcome {
  const named = evidence.failing.find(verification =>
    concerns(roots, verification),
  );
  const best = named ?? evidence.failing[0] ?? evidence.unsupported[0];
  return best
    ? { status: statusOf(best), findings: best.findings, deciding: best }
    : { findings: [] };
}
