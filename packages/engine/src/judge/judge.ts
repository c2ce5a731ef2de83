import { JsonObject } from '@backstage/types';
import {
  Answers,
  ArtifactKind,
  ArtifactStatus,
  Distrust,
  EnforcementMode,
  EvidencePlace,
  ExpectedSigner,
  Finding,
  Lookup,
  Signer,
  TrustPolicy,
  Verification,
  statusOfFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { NOTHING_KNOWN } from './answers';
import { decide } from './decide';
import { distrustOf } from './distrust';
import { Relatives, sortEvidence } from './evidenceAtHand';
import { JudgeHistory, NO_HISTORY } from './history';
import { reliedHistory } from './reliedHistory';
import { modeOf, rulesFor } from './rules';
import { unansweredFindings } from './unanswered';

/**
 * Everything a verdict depends on.
 *
 * @public
 */
export type JudgeInput = {
  kind: ArtifactKind;
  /** Canonical form. */
  reference: string;
  /** Why the reference could not be read. */
  problem?: string;
  /** Absent until the reference was resolved. */
  digest?: string;
  /** Which other artifacts the evidence may be about. Nothing where left out. */
  relatives?: Relatives;
  /** Under every profile, by the current engine, of evidence that is there. */
  verifications: readonly Verification[];
  /** The latest of each source; that of resolving first. */
  lookups: readonly Lookup[];
  /** What resolving and collecting reported. */
  findings: readonly Finding[];
  /**
   * Where each piece of evidence is stored now, by its digest. Evidence that is
   * not in here is stored nowhere that is known.
   */
  places?: Readonly<Record<string, readonly EvidencePlace[]>>;
  /** Nothing where it is left out. */
  history?: JudgeHistory;
  /** The whole active set; compiled once, so never to be changed. */
  policies: readonly TrustPolicy[];
  /** What trust is withdrawn from; nothing where it is left out. As before. */
  distrusts?: readonly Distrust[];
  entity: {
    ref: string;
    /**
     * `owner/name` on GitHub, from where the catalog ingested the entity or
     * from an administrator's mapping; never from the entity's own text.
     */
    repository?: string;
    /**
     * The same from `backstage.io/source-location`, which the entity chooses
     * itself: only for policies that say so.
     */
    chosenRepository?: string;
    /**
     * What the catalog says of the entity (kind, metadata, spec, relations),
     * for policies that select by it. Where it is a part, `omitted` lists the
     * paths that were left out, or `known` the only ones that were not:
     * `metadata.labels` with all that is below. Where it is left out, nothing
     * of the entity is known.
     */
    document?: JsonObject;
  };
  now: string;
};

/**
 * Whether this signer may sign this artifact, and what decided it.
 *
 * @public
 */
export type Verdict = {
  status: ArtifactStatus;
  mode?: EnforcementMode;
  /** What decided; empty when nothing is wrong. */
  findings: Finding[];
  /** Seen on the way, without a part in the decision. */
  notices: Finding[];
  answers: Answers;
  /** Only ever of evidence that holds. */
  signer?: Signer;
  signedAt?: string;
  /** Digest of the evidence that decided. */
  decidingEvidence?: string;
  /** Digest of the index that was signed, where the artifact is part of one. */
  throughIndex?: string;
  expected: ExpectedSigner[];
  /** Names of the rules that cover the artifact. */
  policies: string[];
  judgeAgainAt?: string;
};

/**
 * Applies the trust policies to what is known of an artifact. Total and pure:
 * always a verdict, and always the same one for the same input.
 *
 * One sufficient set of evidence satisfies a policy; whatever else lies beside
 * it is a notice. Where nothing suffices, a source that did not answer comes
 * before what was found, and what was found comes before nothing. Where it is
 * not known whether a policy covers the artifact, nothing counts as expected.
 *
 * @public
 */
export function judge(input: JudgeInput): Verdict {
  const { kind, reference, digest, entity } = input;
  const { rules, uncovered, undecided } = rulesFor(
    input.policies,
    { kind, reference, entityRef: entity.ref, document: entity.document },
    entity,
  );
  const covered = {
    expected: rules.flatMap(({ expected }) => expected),
    policies: rules.map(({ policy }) => policy),
  };
  if (digest === undefined || input.problem !== undefined) {
    return {
      ...beforeEvidence(input),
      ...modeOf(rules),
      ...covered,
      notices: [],
      answers: NOTHING_KNOWN,
    };
  }
  const distrust = distrustOf(input.distrusts);
  const history = reliedHistory(input.history ?? NO_HISTORY, distrust);
  const context = {
    digest,
    relatives: input.relatives,
    distrust,
    places: input.places,
    history,
  };
  const decision = decide({
    digest,
    lookups: input.lookups,
    findings: input.findings,
    evidence: sortEvidence(input.verifications, context),
    gone: sortEvidence(history.gone, context).sound,
    history,
    rules,
    uncovered,
    undecided,
    now: Date.parse(input.now),
  });
  return { ...decision, ...covered };
}

/** Where there is no digest, there is no evidence to speak of. */
function beforeEvidence({
  problem,
  lookups,
  findings,
}: JudgeInput): Pick<Verdict, 'status' | 'findings'> {
  if (problem !== undefined) {
    return decided([{ code: 'reference-unreadable', detail: problem }]);
  }
  if (lookups.length === 0) return decided([{ code: 'not-checked-yet' }]);
  const unanswered = unansweredFindings(lookups, findings);
  if (unanswered.length > 0) return decided(unanswered);
  return decided(
    findings.length > 0 ? [...findings] : [{ code: 'artifact-not-found' }],
  );
}

function decided(findings: Finding[]): Pick<Verdict, 'status' | 'findings'> {
  return { status: statusOfFinding(findings[0].code), findings };
}
