import {
  ArtifactReport,
  Lookup,
  compareStatuses,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Database } from '../store/database';
import { Declaration } from '../store/declarations';
import { readLookups } from '../store/lookups';
import { ReferenceState, readReferences } from '../store/references';
import {
  StoredVerdict,
  isNoAnswer,
  readLastAnswers,
  readVerdicts,
} from '../store/verdicts';
import { readObservations } from './observations';

/**
 * Reads what is stored about some declarations and puts it into the form that
 * the API gives, worst first.
 *
 * @param required - whether they count for the status of the entity shown
 * @param about - the only digest that is spoken of: what is known of any other
 * one is left out
 */
export async function readArtifactReports(
  db: Database,
  declarations: Declaration[],
  required: boolean,
  about?: string,
): Promise<ArtifactReport[]> {
  const referenceIds = [...new Set(declarations.map(item => item.referenceId))];
  const verdicts = await readVerdicts(
    db,
    declarations.map(item => item.artifactId),
  );
  const references = await readReferences(db, referenceIds);
  const lookups = await readLookups(db, referenceIds);
  const seen = await readObservations(db, declarations);
  const lastAnswers = await readLastAnswers(
    db,
    [...verdicts.values()]
      .filter(verdict => isNoAnswer(verdict.status))
      .map(verdict => verdict.artifactId),
  );
  const reports = declarations.map(declaration => {
    const newest = verdicts.get(declaration.artifactId);
    const verdict =
      about === undefined || newest?.digest === about ? newest : undefined;
    const lastKnown = verdict && lastAnswers.get(declaration.artifactId);
    const state = references.get(declaration.referenceId);
    const running = seen.get(declaration.artifactId);
    return {
      ...describeDeclaration(declaration, required),
      ...(about ? { digest: about } : {}),
      ...describeVerdict(verdict),
      observations: running?.observations ?? [],
      ...(running?.declaredAs ? { declaredAs: running.declaredAs } : {}),
      lookups:
        running?.lookups ??
        (lookups.get(declaration.referenceId) ?? []).map(lookup =>
          withNextDue(lookup, state),
        ),
      ...(state?.newestTag ? { newestTag: state.newestTag } : {}),
      ...(state?.checkedAt ? { checkedAt: state.checkedAt } : {}),
      // Its observer is asked again, and not the reference.
      ...(state?.nextCheckAt && !running?.lookups
        ? { nextCheckAt: state.nextCheckAt }
        : {}),
      ...(lastKnown ? { lastKnown } : {}),
    };
  });
  return reports.sort(
    (a, b) =>
      compareStatuses(a.status, b.status) ||
      compareText(a.kind, b.kind) ||
      compareText(a.reference, b.reference),
  );
}

function describeDeclaration(declaration: Declaration, required: boolean) {
  const { artifactId, entityRef, kind, reference } = declaration;
  const { declaredBy, declared, running } = declaration;
  return {
    id: artifactId,
    entityRef,
    kind,
    reference,
    declaredBy,
    declared,
    running,
    required,
  };
}

function describeVerdict(
  verdict: StoredVerdict | undefined,
): Pick<
  ArtifactReport,
  | 'digest'
  | 'status'
  | 'mode'
  | 'answers'
  | 'findings'
  | 'notices'
  | 'signer'
  | 'signedAt'
  | 'throughIndex'
  | 'expected'
  | 'policies'
  | 'decidedAt'
> {
  if (!verdict) {
    return {
      status: 'pending',
      answers: {
        signatureFound: 'unknown',
        evidenceSound: 'not-asked',
        expectedSigner: 'not-asked',
      },
      findings: [{ code: 'not-checked-yet' }],
      notices: [],
      expected: [],
      policies: [],
    };
  }
  const { detail, digest, mode } = verdict;
  return {
    ...(digest ? { digest } : {}),
    status: verdict.status,
    ...(mode ? { mode } : {}),
    answers: detail.answers,
    findings: verdict.findings,
    notices: detail.notices,
    ...(detail.signer ? { signer: detail.signer } : {}),
    ...(detail.signedAt ? { signedAt: detail.signedAt } : {}),
    ...(detail.throughIndex ? { throughIndex: detail.throughIndex } : {}),
    expected: detail.expected,
    policies: detail.policies,
    decidedAt: verdict.decidedAt,
  };
}

// All sources of a reference are asked together.
function withNextDue(
  lookup: Lookup,
  state: ReferenceState | undefined,
): Lookup {
  return state?.nextCheckAt
    ? { ...lookup, nextDueAt: state.nextCheckAt }
    : lookup;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
