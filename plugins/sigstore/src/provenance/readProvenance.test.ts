import {
  ArtifactDetail,
  Facts,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { artifact } from '../../dev/fixtures/artifacts';
import { detailOf, facts, slsaStatement } from '../../dev/fixtures/details';
import { jane, workflowSigner } from '../../dev/fixtures/signers';
import { readProvenance } from './readProvenance';

const green = detailOf(artifact('expected-signer'));

function withFacts(detail: ArtifactDetail, changed: Facts): ArtifactDetail {
  const [piece] = detail.evidence;
  const [verification] = piece.verifications;
  return {
    ...detail,
    evidence: [
      { ...piece, verifications: [{ ...verification, facts: changed }] },
    ],
  };
}

const release = workflowSigner('acme/checkout');

describe('readProvenance', () => {
  it('reads SLSA v1', () => {
    expect(readProvenance(green)).toEqual({
      builder: 'https://github.com/actions/runner/github-hosted',
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      repository: 'https://github.com/acme/checkout',
      ref: 'refs/heads/main',
      workflow: '.github/workflows/release.yml',
      commit: '3f2c1ab9d04e5b6f7081920a1b2c3d4e5f60718a',
      invocation:
        'https://github.com/acme/checkout/actions/runs/19546083212/attempts/1',
    });
  });

  it('reads SLSA v0.2', () => {
    const old = facts(release, {
      predicate: {
        builder: { id: 'https://builder.example/' },
        buildType: 'https://build.example/type',
        invocation: {
          configSource: {
            uri: 'git+https://github.com/acme/checkout@refs/heads/main',
            digest: { sha1: 'abc' },
            entryPoint: 'release.yml',
          },
        },
      },
    });
    old.content.predicateType = 'https://slsa.dev/provenance/v0.2';

    expect(readProvenance(withFacts(green, old))).toMatchObject({
      builder: 'https://builder.example/',
      repository: 'https://github.com/acme/checkout',
      ref: 'refs/heads/main',
      commit: 'abc',
      workflow: 'release.yml',
    });
  });

  it.each([
    ['by another signer', jane],
    ['under another root', { ...release, trustedRoot: 'other' }],
    ['by the same name of another issuer', { ...release, issuer: 'https://x' }],
  ])('says nothing where it was stated %s', (_how, signer) => {
    const stated = facts(signer, slsaStatement('acme/checkout'));
    expect(readProvenance(withFacts(green, stated))).toBeUndefined();
  });

  it('says nothing where it is about another artifact', () => {
    const other = { ...green, digest: `sha256:${'0'.repeat(64)}` };
    expect(readProvenance(other)).toBeUndefined();
  });

  it('says nothing where the status is any other', () => {
    const other = { ...green, status: 'unexpected-signer' as const };
    expect(readProvenance(other)).toBeUndefined();
  });

  it('says nothing from a statement of another type', () => {
    const stated = facts(release, slsaStatement('acme/checkout'));
    stated.content.predicateType = 'https://spdx.dev/Document';
    expect(readProvenance(withFacts(green, stated))).toBeUndefined();
  });

  it.each([
    null,
    'text',
    { predicate: null },
    { predicate: { runDetails: 'x', buildDefinition: { buildType: {} } } },
    { predicate: Object.create({ runDetails: { builder: { id: 'proto' } } }) },
  ])('survives whatever was signed: %j', statement => {
    const stated = facts(release, {});
    stated.content.statement = statement;
    expect(
      Object.values(readProvenance(withFacts(green, stated))!).filter(Boolean),
    ).toEqual([]);
  });
});
