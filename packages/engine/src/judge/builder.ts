import {
  Facts,
  Finding,
  Signer,
} from '@cloudythings/backstage-plugin-sigstore-common';

const SLSA = 'https://slsa.dev/provenance/';
const SLSA_0_2 = `${SLSA}v0.2`;
const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
const GITHUB_RUNNER = 'https://github.com/actions/runner';
const GITHUB_RUNNERS = ['github-hosted', 'self-hosted'];
const GITHUB_WORKFLOW =
  /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml@refs\/(?:heads|tags)\/[^\s]+$/;
/** Builders that build for the workflow that calls them and name that one. */
const DELEGATOR =
  /^https:\/\/github\.com\/slsa-framework\/slsa-github-generator\/\.github\/workflows\/delegator_(?:lowperms-)?generic_slsa3\.yml@refs\/(?:heads|tags)\/[^\s]+$/;
const RUNNER_NUMBER = /^[0-9]+$/;

/**
 * Compares who SLSA provenance says the builder was with whom its certificate
 * was issued to.
 *
 * @returns the finding where the two disagree
 */
export function builderMismatch(facts: Facts): Finding | undefined {
  const { content, signer } = facts;
  const { buildSignerURI } = signer.extensions;
  if (
    content.type !== 'in-toto' ||
    !content.predicateType?.startsWith(SLSA) ||
    signer.identityType === 'public-key' ||
    buildSignerURI === undefined
  ) {
    return undefined;
  }
  const builder = builderOf(content.statement, content.predicateType);
  if (
    builder !== undefined &&
    agrees(builder, signer, buildSignerURI, content.predicateType)
  ) {
    return undefined;
  }
  return {
    code: 'builder-mismatch',
    comparisons: [
      {
        aspect: 'builder',
        found: builder ?? 'not stated',
        expected: buildSignerURI,
      },
    ],
  };
}

function builderOf(
  statement: unknown,
  predicateType: string,
): string | undefined {
  const predicate = fieldOf(statement, 'predicate');
  const within = predicateType.startsWith(`${SLSA}v0.`)
    ? predicate
    : fieldOf(predicate, 'runDetails');
  const id = fieldOf(fieldOf(within, 'builder'), 'id');
  return typeof id === 'string' ? id : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/**
 * Equal, or what the makers of a builder document: GitHub and npm name the
 * runner, GitLab its page, and the delegators of slsa-github-generator the
 * workflow that called them, which they verified.
 */
function agrees(
  builder: string,
  { issuer, extensions }: Signer,
  buildSignerURI: string,
  predicateType: string,
): boolean {
  if (builder === buildSignerURI) return true;
  const { runnerEnvironment = '', sourceRepositoryURI } = extensions;
  if (issuer === GITHUB_ISSUER || issuer.startsWith(`${GITHUB_ISSUER}/`)) {
    if (builder === GITHUB_RUNNER) return predicateType === SLSA_0_2;
    if (builder === `${GITHUB_RUNNER}/${runnerEnvironment}`) {
      return GITHUB_RUNNERS.includes(runnerEnvironment);
    }
    return DELEGATOR.test(buildSignerURI) && GITHUB_WORKFLOW.test(builder);
  }
  const page = `${sourceRepositoryURI}/-/runners/`;
  return (
    sourceRepositoryURI !== undefined &&
    builder.startsWith(page) &&
    RUNNER_NUMBER.test(builder.slice(page.length))
  );
}
