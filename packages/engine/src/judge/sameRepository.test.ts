import { judge } from './judge';
import { GITHUB, RELEASE, input, sound } from './__testUtils__/verifications';

const CHECKED = {
  sourceRepositoryURI: 'https://github.com/acme/checkout',
  sourceRepositoryRef: 'refs/heads/main',
  buildTrigger: 'push',
};

const signed = (
  changes: Record<string, string> = {},
  repository = 'acme/checkout',
  identity = RELEASE,
) =>
  judge(
    input({
      policies: [],
      entity: { ref: 'component:default/checkout', repository },
      verifications: [
        sound({ identity, extensions: { ...CHECKED, ...changes } }),
      ],
    }),
  );

describe('the built-in rule', () => {
  // On GitHub both names are of one repository.
  it.each([
    ['the entity', {}, 'Acme/Checkout'],
    [
      'the certificate',
      { sourceRepositoryURI: 'https://github.com/Acme/Checkout' },
      'acme/checkout',
    ],
  ])('names of GitHub differ in case: in %s', (_, changes, repository) => {
    expect(signed(changes, repository).status).toBe('expected-signer');
  });

  it.each([
    'https://github.com/acme/checkou',
    'https://github.com/acme/checkout2',
    'https://github.com/acme/chec\u212aout',
    'https://githubXcom/acme/checkout',
  ])('another name is another repository: %s', sourceRepositoryURI => {
    expect(signed({ sourceRepositoryURI }).status).toBe('unexpected-signer');
  });

  it('says what it checks, and not that the workflow’s file lies there', () => {
    const reusable =
      'https://github.com/acme/workflows/.github/workflows/build.yml@refs/heads/main';
    const { status, expected } = signed({}, 'acme/checkout', reusable);
    expect(status).toBe('expected-signer');
    expect(expected).toMatchObject([
      {
        issuer: GITHUB,
        extensions: { sourceRepositoryURI: CHECKED.sourceRepositoryURI },
      },
    ]);
    const { findings } = signed({ buildTrigger: 'pull_request' });
    expect(findings[0].comparisons).toEqual([
      {
        aspect: 'identity',
        found: RELEASE,
        expected: 'any workflow that runs for acme/checkout',
      },
      { aspect: 'issuer', found: GITHUB, expected: GITHUB },
      {
        aspect: 'trigger',
        found: 'pull_request',
        expected: 'anything but a pull request',
      },
    ]);
  });
});
