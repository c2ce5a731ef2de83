import {
  Finding,
  Lookup,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeInput, Verdict, judge } from '@cloudythings/sigstore-engine';
import { Database } from '../store/database';
import { Declaration } from '../store/declarations';
import { StoredEntity } from '../store/entityStatuses';
import { sightedEvidence } from '../store/evidence';
import { readVerifications } from '../store/facts';
import { hash } from '../store/identifiers';
import { readLookups } from '../store/lookups';
import { readReferences } from '../store/references';
import { TrustSet } from '../trust/loadTrustSet';

const OUT_OF_TIME =
  'There was not enough time to verify all evidence of this artifact';

/** Everything stored about a reference that a verdict rests on. */
export type JudgeBasis = {
  digest?: string;
  lookups: Lookup[];
  findings: Finding[];
  verifications: Verification[];
};

/** A verdict about what one entity declares. */
export type Decision = {
  declaration: Declaration;
  verdict: Verdict;
  digest?: string;
  inputHash: string;
};

/** Reads what is stored about a reference: no network, no cryptography. */
export async function readBasis(
  db: Database,
  referenceId: string,
  set: TrustSet,
): Promise<JudgeBasis> {
  const state = (await readReferences(db, [referenceId])).get(referenceId);
  const lookups = (await readLookups(db, [referenceId])).get(referenceId) ?? [];
  const digest = state?.digest;
  const evidence = digest
    ? await sightedEvidence(db, { referenceId, artifactDigest: digest })
    : [];
  const verifications = await readVerifications(
    db,
    evidence,
    set.record,
    digest,
  );
  return {
    digest,
    lookups,
    findings: state?.findings ?? [],
    verifications: digest
      ? [...verifications, ...unverified(evidence, digest, verifications, set)]
      : verifications,
  };
}

/**
 * Stands in for the verifications that time did not suffice for. Never stored:
 * that something was not verified is no fact about it.
 */
function unverified(
  evidence: string[],
  artifactDigest: string,
  verifications: Verification[],
  set: TrustSet,
): Verification[] {
  const done = new Set(
    verifications.map(item => `${item.evidenceDigest} ${item.trustedRoot}`),
  );
  const { trustedRoots, engineRevision } = set.record;
  return evidence.flatMap(evidenceDigest =>
    trustedRoots
      .filter(({ name }) => !done.has(`${evidenceDigest} ${name}`))
      .map(({ name, digest }) => ({
        evidenceDigest,
        artifactDigest,
        trustedRoot: name,
        profileDigest: digest,
        engineRevision,
        checks: [],
        findings: [{ code: 'evidence-over-cap', detail: OUT_OF_TIME }],
      })),
  );
}

/**
 * Step judge: applies the policies to what is stored, for one entity that
 * declares the reference.
 */
export function judgeDeclaration(
  declaration: Declaration,
  entity: StoredEntity | undefined,
  basis: JudgeBasis,
  set: TrustSet,
  now: Date,
): Decision {
  const input: JudgeInput = {
    kind: declaration.kind,
    reference: declaration.reference,
    problem: declaration.problem,
    ...basis,
    policies: set.policies,
    entity: { ref: declaration.entityRef, repository: entity?.repository },
    now: now.toISOString(),
  };
  return {
    declaration,
    verdict: judge(input),
    digest: basis.digest,
    inputHash: hashInput(input, set),
  };
}

// Without the times of asking and judging, which differ each time.
function hashInput(input: JudgeInput, set: TrustSet): string {
  const { now, policies, lookups, verifications, ...rest } = input;
  return hash({
    ...rest,
    trust: set.record.digest,
    lookups: lookups.map(({ source, outcome, cause }) => [
      source,
      outcome,
      cause,
    ]),
    verifications: verifications.map(item => [
      item.evidenceDigest,
      item.trustedRoot,
      item.profileDigest,
      item.engineRevision,
    ]),
  });
}
