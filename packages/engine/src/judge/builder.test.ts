import { Signer } from '@cloudythings/backstage-plugin-sigstore-common';
import { builderMismatch } from './builder';
import { GITHUB, RELEASE, sound } from './__testUtils__/verifications';

const V1 = 'https://slsa.dev/provenance/v1';
const V0 = 'https://slsa.dev/provenance/v0.2';
const RUNNER = 'https://github.com/actions/runner';
const GENERATOR =
  'https://github.com/slsa-framework/slsa-github-generator/.github/workflows';
const DELEGATOR = `${GENERATOR}/delegator_lowperms-generic_slsa3.yml@refs/tags/v2.1.0`;
const MAVEN = `${GENERATOR}/builder_maven_slsa3.yml@refs/tags/v2.1.0`;
const GITLAB = 'https://gitlab.com/acme/checkout';
const GITLAB_SIGNER = {
  issuer: 'https://gitlab.com',
  buildSignerURI: `${GITLAB}//.gitlab-ci.yml@refs/heads/main`,
  sourceRepositoryURI: GITLAB,
};

type Written = {
  type?: string;
  issuer?: string;
  identityType?: Signer['identityType'];
} & Record<string, string>;

function agrees(predicate: unknown, written: Written = {}): boolean {
  const { type = V1, issuer = GITHUB, identityType, ...extensions } = written;
  const { facts } = sound({
    issuer,
    identityType: identityType as Signer['identityType'],
    predicateType: type,
    predicate,
    extensions: { buildSignerURI: RELEASE, ...extensions },
  });
  return facts !== undefined && builderMismatch(facts) === undefined;
}

const v1 = (id: unknown) => ({ runDetails: { builder: { id } } });
const v0 = (id: unknown) => ({ builder: { id } });

describe('the builder of SLSA provenance', () => {
  it.each<[string, unknown, Written]>([
    ['whom the certificate was issued to', v1(RELEASE), {}],
    ['the same, in v0.2', v0(RELEASE), { type: V0 }],
    [
      'GitHub’s runner',
      v1(`${RUNNER}/github-hosted`),
      { runnerEnvironment: 'github-hosted' },
    ],
    [
      'GitHub’s runner, of an enterprise',
      v1(`${RUNNER}/self-hosted`),
      { runnerEnvironment: 'self-hosted', issuer: `${GITHUB}/acme` },
    ],
    ['GitHub’s runner as npm wrote it first', v0(RUNNER), { type: V0 }],
    [
      'the workflow that called a delegator',
      v1(MAVEN),
      { buildSignerURI: DELEGATOR },
    ],
    ['GitLab’s runner', v1(`${GITLAB}/-/runners/12`), GITLAB_SIGNER],
  ])('%s', (_, predicate, written) => {
    expect(agrees(predicate, written)).toBe(true);
  });

  it.each<[string, unknown, Written]>([
    ['somebody else', v1('https://other'), {}],
    ['a longer one', v1(`${RELEASE}x`), {}],
    ['a shorter one', v1(RELEASE.slice(0, -1)), {}],
    ['none', { runDetails: { builder: {} } }, {}],
    ['no text', v1(7), {}],
    ['no predicate', undefined, {}],
    ['no object', 'x', {}],
    ['where v0.2 has it, in v1', v0(RELEASE), {}],
    ['where v1 has it, in v0.2', v1(RELEASE), { type: V0 }],
    ['another version', v1('https://other'), { type: `${V1}.5` }],
    [
      'a runner of another kind',
      v1(`${RUNNER}/github-hosted`),
      { runnerEnvironment: 'self-hosted' },
    ],
    ['a runner of no kind', v1(`${RUNNER}/`), {}],
    [
      'a runner of a kind that there is not',
      v1(`${RUNNER}/odd`),
      { runnerEnvironment: 'odd' },
    ],
    ['npm’s first form, in v1', v1(RUNNER), {}],
    [
      'GitHub’s runner, by another issuer',
      v1(`${RUNNER}/github-hosted`),
      { runnerEnvironment: 'github-hosted', issuer: 'https://evil.example' },
    ],
    [
      'GitHub’s runner, by an issuer with a longer name',
      v0(RUNNER),
      { type: V0, issuer: `${GITHUB}.evil.example` },
    ],
    ['another workflow, where none delegates', v1(MAVEN), {}],
    [
      'no workflow, by a delegator',
      v1('https://other'),
      { buildSignerURI: DELEGATOR },
    ],
    [
      'a workflow after something else, by a delegator',
      v1(`x${MAVEN}`),
      { buildSignerURI: DELEGATOR },
    ],
    [
      'a workflow and something else, by a delegator',
      v1(`${MAVEN} x`),
      { buildSignerURI: DELEGATOR },
    ],
    [
      'the workflow that called somebody else’s delegator',
      v1(MAVEN),
      { buildSignerURI: DELEGATOR.replace('slsa-framework', 'evil') },
    ],
    [
      'the workflow that called what is in front of a delegator',
      v1(MAVEN),
      { buildSignerURI: `https://evil.example/?${DELEGATOR}` },
    ],
    [
      'the workflow that called a delegator, by another issuer',
      v1(MAVEN),
      { buildSignerURI: DELEGATOR, issuer: 'https://gitlab.com' },
    ],
    [
      'a runner of another GitLab project',
      v1('https://gitlab.com/acme/checkout-evil/-/runners/12'),
      GITLAB_SIGNER,
    ],
    [
      'no number of a runner of GitLab',
      v1(`${GITLAB}/-/runners/12/x`),
      GITLAB_SIGNER,
    ],
    [
      'no number of a runner of GitLab at its start',
      v1(`${GITLAB}/-/runners/x12`),
      GITLAB_SIGNER,
    ],
    [
      'a runner of GitLab, where no repository is stated',
      v1('undefined/-/runners/12'),
      { issuer: 'https://gitlab.com' },
    ],
    [
      'a runner page, by GitHub',
      v1(`${GITLAB}/-/runners/12`),
      { ...GITLAB_SIGNER, issuer: GITHUB },
    ],
  ])('not %s', (_, predicate, written) => {
    expect(agrees(predicate, written)).toBe(false);
  });

  it('is nobody’s where there is nothing to compare', () => {
    const { facts } = sound({ predicateType: V1, predicate: v1('x') });
    expect(facts && builderMismatch(facts)).toBeUndefined();
    expect(agrees(v1('x'), { type: 'https://spdx.dev/Document' })).toBe(true);
    expect(agrees(v1('x'), { type: `x${V1}` })).toBe(true);
    expect(agrees(v1('x'), { identityType: 'public-key' })).toBe(true);
  });
});
