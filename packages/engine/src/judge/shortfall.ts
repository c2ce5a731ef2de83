import {
  ArtifactStatus,
  Finding,
  Signer,
  Verification,
  compareStatuses,
  signerWords,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Sound } from './evidenceAtHand';
import { Authority, Rule, states } from './rule';
import { isInside, windowWords } from './signingWindow';
import { Lack, lackOf, ownOf, sizeOf } from './sufficiency';

/** What the evidence at hand comes to under one rule. */
export type Outcome = {
  /** Undefined when there is no evidence that could decide. */
  status?: ArtifactStatus;
  findings: Finding[];
  /** Seen beneath what decides. */
  notices?: Finding[];
  /** The evidence that decides. */
  deciding?: Verification;
  /** Evidence that holds, when it decides. */
  sound?: Sound;
  /** When time alone changes it. */
  judgeAgainAt?: number;
};

/** An outcome that evidence which holds decides. */
export function decidedBy(
  status: ArtifactStatus,
  findings: Finding[],
  sound: Sound,
): Outcome {
  return { status, findings, deciding: sound.verification, sound };
}

/**
 * What the evidence of allowed signers lacks, where some is there: of the
 * authority that is nearest to being satisfied.
 */
export function shortOfRule(
  rule: Rule,
  sound: readonly Sound[],
): Outcome | undefined {
  return rule.authorities
    .flatMap(authority => shortOfAuthority(rule, authority, sound) ?? [])
    .reduce<Outcome | undefined>(nearer, undefined);
}

function nearer(best: Outcome | undefined, other: Outcome): Outcome {
  if (!best) return other;
  const order = compareStatuses(
    best.status ?? 'no-signature',
    other.status ?? 'no-signature',
  );
  return order < 0 ? other : best;
}

function shortOfAuthority(
  rule: Rule,
  authority: Authority,
  sound: readonly Sound[],
): Outcome | undefined {
  const own = ownOf(authority, sound);
  if (own.length === 0) return undefined;
  const inside = own.filter(({ facts }) => isInside(facts, authority.window));
  const lack = lackOf(authority, inside);
  const mismatched = own.find(
    ({ facts, mismatch }) =>
      mismatch !== undefined &&
      lack.predicateTypes.some(type => states(facts, type)),
  );
  if (mismatched?.mismatch) {
    return {
      status: 'evidence-mismatch',
      findings: [mismatched.mismatch],
      deciding: mismatched.verification,
    };
  }
  if (inside.length === 0 || sizeOf(lackOf(authority, own)) < sizeOf(lack)) {
    const [outside] = own.filter(one => !inside.includes(one));
    return decidedBy(
      'unexpected-signer',
      [outsideWindow(rule, authority, outside)],
      outside,
    );
  }
  return decidedBy(
    'evidence-incomplete',
    lacking(rule, lack, inside),
    inside[0],
  );
}

function outsideWindow(
  { policy }: Rule,
  { window }: Authority,
  { facts }: Sound,
): Finding {
  const times = facts.times.map(({ time }) => time);
  return {
    code: 'signed-outside-window',
    detail: `signed by ${signerWords(
      facts.signer,
    )}, whom the rule "${policy}" allows at another time`,
    comparisons: [
      {
        aspect: 'time of signing',
        found: times.join(', ') || 'not attested',
        expected: windowWords(window),
      },
    ],
  };
}

function lacking(rule: Rule, lack: Lack, own: readonly Sound[]): Finding[] {
  const detail = `the rule "${rule.policy}" requires it`;
  const found = own.flatMap(({ facts }) => facts.content.predicateType ?? []);
  const predicates: Finding = {
    code: 'predicate-missing',
    detail,
    comparisons: lack.predicateTypes.map(type => ({
      aspect: 'predicate type',
      found: [...new Set(found)].sort().join(', ') || 'none',
      expected: type,
    })),
  };
  return [
    ...(lack.predicateTypes.length > 0 ? [predicates] : []),
    ...(lack.signature ? [{ code: 'signature-missing' as const, detail }] : []),
  ];
}

/** That a signer is none of those a rule allows, and how it differs. */
export function signerNotAllowed(rule: Rule, signer: Signer): Finding {
  return {
    code: 'signer-not-allowed',
    detail: `signed by ${signerWords(signer)}, whom the rule "${
      rule.policy
    }" does not allow`,
    comparisons: rule.compare(signer),
  };
}
