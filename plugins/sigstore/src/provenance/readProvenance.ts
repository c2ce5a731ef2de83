import {
  ArtifactDetail,
  ExpectedSigner,
  Facts,
  Signer,
} from '@cloudythings/backstage-plugin-sigstore-common';

/** What SLSA provenance says about a build. All texts are the signer's. */
export type Provenance = {
  builder?: string;
  buildType?: string;
  repository?: string;
  ref?: string;
  commit?: string;
  workflow?: string;
  invocation?: string;
};

const SLSA = 'https://slsa.dev/provenance/';

/**
 * Reads how an artifact was built, from provenance by an expected signer about
 * this very digest. Anybody can state anything about a build: without an
 * expected signer there is nothing to say.
 *
 * Follows SLSA provenance v1 and v0.2; other fields are left alone.
 */
export function readProvenance(detail: ArtifactDetail): Provenance | undefined {
  if (detail.status !== 'expected-signer') return undefined;
  for (const { verifications } of detail.evidence) {
    for (const { facts, artifactDigest } of verifications) {
      if (
        facts?.content.predicateType?.startsWith(SLSA) &&
        artifactDigest === detail.digest &&
        isExpected(facts.signer, detail)
      ) {
        return readStatement(facts);
      }
    }
  }
  return undefined;
}

function isExpected(signer: Signer, detail: ArtifactDetail): boolean {
  return (
    (detail.signer !== undefined && isSameSigner(signer, detail.signer)) ||
    detail.expected.some(
      (one: ExpectedSigner) => !one.pattern && isSameSigner(signer, one),
    )
  );
}

/** A signer is root, issuer and identity together. */
function isSameSigner(
  a: Signer,
  b: Pick<Signer, 'trustedRoot' | 'issuer' | 'identity'>,
): boolean {
  return (
    a.trustedRoot === b.trustedRoot &&
    a.issuer === b.issuer &&
    a.identity === b.identity
  );
}

function readStatement(facts: Facts): Provenance {
  const predicate = at(facts.content.statement, 'predicate');
  return facts.content.predicateType === `${SLSA}v0.2`
    ? readV02(predicate)
    : readV1(predicate);
}

function readV1(predicate: unknown): Provenance {
  const definition = at(predicate, 'buildDefinition');
  const workflow = at(definition, 'externalParameters', 'workflow');
  const source = at(definition, 'resolvedDependencies', '0');
  const details = at(predicate, 'runDetails');
  return {
    builder: text(at(details, 'builder', 'id')),
    buildType: text(at(definition, 'buildType')),
    repository: text(at(workflow, 'repository')),
    ref: text(at(workflow, 'ref')),
    workflow: text(at(workflow, 'path')),
    commit: text(at(source, 'digest', 'gitCommit')),
    invocation: text(at(details, 'metadata', 'invocationId')),
  };
}

function readV02(predicate: unknown): Provenance {
  const source = at(predicate, 'invocation', 'configSource');
  const [repository, ref] = (text(at(source, 'uri')) ?? '')
    .replace(/^git\+/, '')
    .split('@');
  return {
    builder: text(at(predicate, 'builder', 'id')),
    buildType: text(at(predicate, 'buildType')),
    repository: repository || undefined,
    ref,
    workflow: text(at(source, 'entryPoint')),
    commit: text(at(source, 'digest', 'sha1')),
    invocation: text(at(predicate, 'metadata', 'buildInvocationID')),
  };
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
