import { resolve } from 'node:path';
import {
  ARTIFACT_KINDS,
  ArtifactKind,
  SAME_REPOSITORY_POLICY,
  Verification,
  parseReference,
  releasedReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  JudgeInput,
  Relatives,
  Verdict,
  judge,
  verifyEvidence,
} from '@cloudythings/sigstore-engine';
import { Surroundings } from '../Surroundings';
import { UsageError } from '../UsageError';
import { TrustGuard } from '../workspace/TrustGuard';
import { NamedArtifact, readArtifact } from './artifact';
import { readEntityFile } from './entityFile';
import { Expectations, readExpectations } from './expectations';
import { VerifyFlags } from './flags';
import { loggedIn } from './dockerLogin';
import { evidenceSources } from './evidenceSources';
import { Gathered, gather } from './gather';
import { openOutbound } from './hosts';
import { TrustFileAccess } from './readTrustFiles';

/** Most time for asking about one artifact. */
const ASK_MS = 5 * 60_000;

const REPOSITORY = /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/;

/** Everything there is to say about one artifact. */
export type Verified = {
  /** As it was written. */
  given: string;
  /** Left out where nothing depends on it. */
  kind?: ArtifactKind;
  /** Left out where policies know the artifact by nothing but its digest. */
  reference?: string;
  expectations: Expectations;
  gathered: Gathered;
  verifications: Verification[];
  verdict: Verdict;
  trustWorkspace: boolean;
  allowDemoRoot: boolean;
  /** Whose artifact it is, where a file says so. */
  entity?: { ref: string; from: string };
};

/**
 * Checks one artifact: the same steps, the same engine and the same kind of
 * policy as in the backend, for one artifact at a time.
 *
 * @throws UsageError when it was called in a way that cannot be followed
 */
export async function verifyArtifact(
  given: string,
  flags: VerifyFlags,
  surroundings: Surroundings,
): Promise<Verified> {
  const { workingDirectory, now } = surroundings;
  const trustWorkspace = flags.trustWorkspace ?? false;
  const guard = TrustGuard.create(surroundings, trustWorkspace);
  checkRepository(flags.entityRepository);
  const named = readArtifact(given, workingDirectory);
  const kind = kindOf(flags, named);
  const reference = referenceOf(flags, named);
  const access = { guard, workingDirectory };
  const expectations = readExpectations(flags, kind ?? 'image', access, now());
  const entity = entityOf(flags, access);

  const gathered = await ask(named, flags, expectations, surroundings);
  const verifications = verifyAll(gathered, expectations);
  const verdict = judgeBy(expectations, {
    kind: kind ?? 'image',
    reference: releasedReference(reference ?? given, gathered.artifact?.tag),
    digest: gathered.artifact?.digest,
    relatives: relativesOf(gathered),
    verifications,
    lookups: gathered.lookups,
    findings: gathered.findings,
    places: gathered.places,
    policies: expectations.policies,
    distrusts: expectations.distrusts,
    entity: { ...entity, repository: flags.entityRepository },
    now: now().toISOString(),
  });
  return {
    given,
    ...(kind ? { kind } : {}),
    ...(reference ? { reference } : {}),
    expectations,
    gathered,
    verifications,
    verdict,
    trustWorkspace,
    allowDemoRoot: flags.allowDemoRoot ?? false,
    ...(flags.entity === undefined
      ? {}
      : { entity: { ref: entity.ref, from: flags.entity } }),
  };
}

/**
 * The built-in rule stands in for policies where none is given, and not where
 * those that are given say nothing: a gate with a policy must not open because
 * a reference was misspelt.
 */
function judgeBy({ origin }: Expectations, input: JudgeInput): Verdict {
  const verdict = judge(input);
  const standsIn = verdict.policies.includes(SAME_REPOSITORY_POLICY);
  return standsIn && origin !== 'same-repository'
    ? judge({ ...input, entity: { ...input.entity, repository: undefined } })
    : verdict;
}

async function ask(
  named: NamedArtifact,
  flags: VerifyFlags,
  expectations: Expectations,
  surroundings: Surroundings,
): Promise<Gathered> {
  const { workingDirectory, now } = surroundings;
  const anonymous = openOutbound(flags);
  try {
    const outbound = await loggedIn(anonymous, named, flags, surroundings);
    return await gather(
      named,
      flags.bundle.map(path => resolve(workingDirectory, path)),
      wantedTypes(expectations),
      evidenceSources(named, flags.signatureRepository),
      { outbound, fileRoots: [], signal: AbortSignal.timeout(ASK_MS), now },
    );
  } finally {
    await anonymous.close();
  }
}

function verifyAll(
  { artifact, bytes, evidence }: Gathered,
  { profiles }: Expectations,
): Verification[] {
  if (!artifact) return [];
  const { digest, otherDigests, parents = [] } = artifact;
  const options = { otherDigests, bytes };
  return evidence.flatMap(piece =>
    profiles.flatMap(profile => {
      const indexes = piece.about.filter(one => parents.includes(one));
      const onIndexAlone =
        indexes.length > 0 && indexes.length === piece.about.length;
      return [
        ...indexes.map(index => verifyEvidence(piece.evidence, index, profile)),
        ...(onIndexAlone
          ? []
          : [verifyEvidence(piece.evidence, digest, profile, options)]),
      ];
    }),
  );
}

/** The indexes of which this artifact is a platform image. */
function relativesOf({ artifact }: Gathered): Relatives {
  return Object.fromEntries(
    (artifact?.parents ?? []).map(parent => [parent, 'index' as const]),
  );
}

function wantedTypes({ policies }: Expectations): ReadonlySet<string> {
  return new Set(
    policies
      .flatMap(({ spec }) => spec.authorities)
      .flatMap(({ attestations = [] }) => attestations)
      .map(({ predicateType }) => predicateType),
  );
}

function entityOf(
  { entity, policy }: VerifyFlags,
  access: TrustFileAccess,
): Pick<JudgeInput['entity'], 'ref' | 'document'> {
  if (entity === undefined) return { ref: '' };
  if (policy.length > 0) return readEntityFile(entity, access);
  throw new UsageError(
    '--entity is for policies that select by entities. Give --policy, too, or leave it out.',
  );
}

function checkRepository(repository: string | undefined): void {
  if (repository === undefined || REPOSITORY.test(repository)) return;
  throw new UsageError(
    `--entity-repository ${repository} is not a repository on GitHub. Write owner/name.`,
  );
}

/** A policy for plans must not be escaped by calling a plan an image. */
function kindOf(
  flags: VerifyFlags,
  named: NamedArtifact,
): ArtifactKind | undefined {
  const { kind } = flags;
  if (kind !== undefined) {
    const known = ARTIFACT_KINDS.find(one => one === kind);
    if (known) return known;
    throw new UsageError(
      `--kind ${kind} is not a kind of artifact. Use one of: ${ARTIFACT_KINDS.join(
        ', ',
      )}.`,
    );
  }
  if (named.type === 'reference' && named.parsed.type === 'oci') return 'image';
  if (flags.policy.length === 0) return undefined;
  throw new UsageError(
    `Policies are about kinds of artifacts, and what kind this is cannot be seen. Give --kind: ${ARTIFACT_KINDS.join(
      ', ',
    )}.`,
  );
}

function referenceOf(
  { reference, policy }: VerifyFlags,
  named: NamedArtifact,
): string | undefined {
  if (reference !== undefined) {
    const result = parseReference(reference);
    if (result.ok) return result.canonical;
    throw new UsageError(`--reference: ${result.problem}.`);
  }
  if (named.type !== 'digest') return named.canonical;
  if (policy.length === 0) return undefined;
  throw new UsageError(
    'Policies know artifacts by their references, not by digests. Give --reference with the reference that this digest is meant to be under.',
  );
}
