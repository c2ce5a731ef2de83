import { JsonObject } from '@backstage/types';
import {
  Distrust,
  TrustPolicy,
  releasedReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  JudgeHistory,
  JudgeInput,
  Verdict,
  judge,
} from '@cloudythings/sigstore-engine';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { standsForUnknown } from '../discover/unrecorded';
import { Database } from '../store/database';
import { Declaration } from '../store/declarations';
import {
  StoredEntity,
  readDocuments,
  readEntities,
} from '../store/entityStatuses';
import { FactScope } from '../store/facts';
import { hash } from '../store/identifiers';
import { readPredecessors } from '../store/predecessors';
import { JudgeBasis, readBases } from './judgeReferenceBasis';

/** What one entity declares, with everything stored that a verdict rests on. */
export type Judgeable = {
  declaration: Declaration;
  entity: Pick<StoredEntity, 'repository' | 'chosenRepository'>;
  document?: JsonObject;
  basis: JudgeBasis;
  predecessor?: JudgeHistory['predecessor'];
};

/** What is judged with. */
export type JudgeRules = {
  policies: TrustPolicy[];
  distrusts: Distrust[];
};

/** A verdict about what one entity declares. */
export type Decision = {
  declaration: Declaration;
  verdict: Verdict;
  digest?: string;
  /** Over everything that the verdict rests on, but for the time. */
  inputHash: () => string;
};

const NOTHING_KNOWN: JudgeBasis = {
  lookups: [],
  findings: [],
  verifications: [],
  places: {},
  history: { gone: [], formerlySound: [] },
  isVerified: true,
};

/**
 * Reads all that judging some declarations takes: no network, no cryptography.
 *
 * @param scope - which facts count
 * @param options - `withDocuments` reads what policies may ask of entities
 */
export async function readJudgeables(
  db: Database,
  declarations: Declaration[],
  scope: FactScope,
  options: { withDocuments: boolean },
): Promise<Judgeable[]> {
  const ids = new Set(declarations.map(({ referenceId }) => referenceId));
  const refs = [...new Set(declarations.map(({ entityRef }) => entityRef))];
  const bases = await readBases(db, [...ids], scope);
  // An embedded database answers without giving others their turn.
  await nextTurn();
  const entities = await readEntities(db, refs);
  const documents = options.withDocuments
    ? await readDocuments(db, refs)
    : new Map<string, JsonObject>();
  const predecessors = await readPredecessors(
    db,
    declarations.flatMap(declaration => {
      const digest = bases.get(declaration.referenceId)?.digest;
      return digest ? [{ ...declaration, digest }] : [];
    }),
    scope,
  );
  return declarations.map(declaration => ({
    declaration,
    entity: entities.get(declaration.entityRef) ?? {},
    document: documents.get(declaration.entityRef),
    basis: bases.get(declaration.referenceId) ?? NOTHING_KNOWN,
    predecessor: predecessors.get(declaration.artifactId),
  }));
}

/** Whether a policy selects by what the catalog says of an entity. */
export function asksForEntities({
  policies,
}: Pick<JudgeRules, 'policies'>): boolean {
  return policies.some(({ spec }) =>
    spec.artifacts.some(({ entity }) => entity !== undefined),
  );
}

/** Step judge: applies the rules to what is stored. */
export function judgeDeclaration(
  item: Judgeable,
  rules: JudgeRules,
  trustDigest: string,
  now: Date,
): Decision {
  const { declaration, basis } = item;
  const input = inputOf(item, rules, now);
  return {
    declaration,
    verdict: judge(input),
    digest: basis.digest,
    inputHash: () => hashInput(input, trustDigest),
  };
}

function inputOf(
  { declaration, entity, document, basis, predecessor }: Judgeable,
  rules: JudgeRules,
  now: Date,
): JudgeInput {
  const { kind, reference, entityRef } = declaration;
  const { history, isVerified, newestTag, ...known } = basis;
  return {
    kind,
    reference: releasedReference(reference, newestTag),
    ...known,
    ...withProblem(declaration),
    history: { ...history, ...(predecessor ? { predecessor } : {}) },
    policies: rules.policies,
    distrusts: rules.distrusts,
    entity: {
      ref: entityRef,
      repository: entity.repository,
      chosenRepository: entity.chosenRepository,
      document,
    },
    now: now.toISOString(),
  };
}

/**
 * Nothing is wrong with a reference that could not be written down, nor with
 * what runs where nobody could look.
 */
function withProblem({
  reference,
  problem,
  declared,
  declaredBy,
  since,
}: Declaration): Partial<Pick<JudgeInput, 'problem' | 'lookups' | 'findings'>> {
  const isKnown = declared && !standsForUnknown(reference);
  if (isKnown || problem === undefined) return { problem };
  const source = declared ? 'catalog' : declaredBy;
  return {
    lookups: [
      { source, outcome: 'unreachable', cause: problem, askedAt: since },
    ],
    findings: [
      {
        code: declared ? 'source-unreachable' : 'running-unknown',
        detail: problem,
      },
    ],
  };
}

// Without the times of asking and judging, which differ each time.
function hashInput(input: JudgeInput, trust: string): string {
  const { now, policies, distrusts, lookups, verifications, history, ...rest } =
    input;
  const nameOf = (item: JudgeInput['verifications'][number]) => [
    item.evidenceDigest,
    item.trustedRoot,
    item.profileDigest,
    item.engineRevision,
  ];
  const { gone = [], formerlySound = [], predecessor } = history ?? {};
  return hash({
    ...rest,
    trust,
    lookups: lookups.map(({ source, outcome, cause }) => [
      source,
      outcome,
      cause,
    ]),
    verifications: verifications.map(nameOf),
    gone: gone.map(nameOf),
    formerlySound,
    predecessor,
  });
}
