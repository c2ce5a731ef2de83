import { builderMismatch } from './builder';
import { GITHUB, RELEASE, sound } from './__testUtils__/verifications';

const SLSA = 'https://slsa.dev/provenance/v1';
const GITLAB = 'https://gitlab.com/acme/checkout';

const provenanceOf = (issuer: string, id: unknown) => {
  const { facts } = sound({
    issuer,
    predicateType: SLSA,
    predicate: { runDetails: { builder: { id } } },
    extensions: { buildSignerURI: RELEASE, sourceRepositoryURI: GITLAB },
  });
  return facts!;
};

describe('a builder that is not stated', () => {
  it.each([undefined, null, 7, ['x'], { startsWith: 'x' }])(
    'is nobody, whoever issued the certificate: %j',
    id => {
      for (const issuer of [GITHUB, 'https://gitlab.com']) {
        expect(builderMismatch(provenanceOf(issuer, id))).toEqual({
          code: 'builder-mismatch',
          comparisons: [
            { aspect: 'builder', found: 'not stated', expected: RELEASE },
          ],
        });
      }
    },
  );

  it('is not asked for in a statement without a type', () => {
    const facts = provenanceOf(GITHUB, 'https://other');
    const content = { ...facts.content, predicateType: undefined };
    expect(builderMismatch({ ...facts, content })).toBeUndefined();
  });

  it('is not asked for in what is no statement', () => {
    const facts = provenanceOf(GITHUB, 'https://other');
    const content = { ...facts.content, type: 'simple-signing' as const };
    expect(builderMismatch({ ...facts, content })).toBeUndefined();
  });
});

it('a statement that holds nothing states no builder', () => {
  const facts = provenanceOf(GITHUB, 'x');
  for (const statement of [
    null,
    { predicate: null },
    { predicate: { runDetails: null } },
    { predicate: { runDetails: { builder: null } } },
  ]) {
    const content = { ...facts.content, statement };
    expect(builderMismatch({ ...facts, content })?.comparisons).toEqual([
      { aspect: 'builder', found: 'not stated', expected: RELEASE },
    ]);
  }
});

describe('a delegator of slsa-github-generator', () => {
  const workflows =
    'https://github.com/slsa-framework/slsa-github-generator/.github/workflows';
  const called = `${workflows}/builder_maven_slsa3.yml@refs/tags/v2.1.0`;
  const builtBy = (buildSignerURI: string) => {
    const facts = provenanceOf(GITHUB, called);
    const extensions = { buildSignerURI };
    return builderMismatch({
      ...facts,
      signer: { ...facts.signer, extensions },
    });
  };

  it.each(['delegator_generic_slsa3', 'delegator_lowperms-generic_slsa3'])(
    '%s names the workflow that called it',
    name => {
      const uri = `${workflows}/${name}.yml@refs/tags/v2.1.0`;
      expect(builtBy(uri)).toBeUndefined();
      for (const other of [
        `${uri} x`,
        `${uri}\nx`,
        `x${uri}`,
        `${workflows}/${name}.yml@refs/pull/1/merge`,
        `${workflows}/${name}.yml@refs/tags/`,
        `${workflows}/${name}xyml@refs/tags/v2.1.0`,
        `${workflows}/${name}-2.yml@refs/tags/v2.1.0`,
      ]) {
        expect(builtBy(other)?.code).toBe('builder-mismatch');
      }
    },
  );
});
