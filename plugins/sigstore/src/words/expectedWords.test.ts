import { ExpectedSigner } from '@cloudythings/backstage-plugin-sigstore-common';
import { expectedWorkflow } from '../../dev/fixtures/signers';
import { expectedIdentity, expectedWords } from './expectedWords';
import { Translate } from './translate';

const t = ((key: string, values: { repository: string }) =>
  `${key}(${values.repository})`) as unknown as Translate;

const pattern = (identity: string): ExpectedSigner => ({
  ...expectedWorkflow('acme/checkout'),
  identity,
  pattern: true,
});

describe('expectedWords', () => {
  it('says an exact identity in words', () => {
    expect(expectedWords(expectedWorkflow('acme/checkout'), t)).toBe(
      'release.yml in acme/checkout (GitHub Actions)',
    );
  });

  it('says a pattern in words only where it matches that identity alone', () => {
    const escaped =
      'https://github\\.com/acme/checkout/\\.github/workflows/release\\.yml@refs/heads/main';
    expect(expectedWords(pattern(escaped), t)).toBe(
      'release.yml in acme/checkout (GitHub Actions)',
    );
    expect(expectedWords(pattern(`^(?:${escaped})$`), t)).toBe(
      'release.yml in acme/checkout (GitHub Actions)',
    );
  });

  it.each([
    // An unescaped dot matches any character.
    'https://github.com/acme/checkout/\\.github/workflows/release\\.yml@refs/heads/main',
    'https://github\\.com/acme/checkout/\\.github/workflows/release\\.ya?ml@refs/heads/main',
    'https://github\\.com/acme/[^/]+/\\.github/workflows/.*',
    'https://github\\.com/acme/checkout/\\d\\.github/workflows/.*',
  ])('leaves any other pattern a pattern: %s', identity => {
    expect(expectedIdentity(pattern(identity))).toBe(identity);
    expect(expectedWords(pattern(identity), t)).toBe(
      `${identity} (GitHub Actions)`,
    );
  });

  it('says "any workflow" where the pattern says just that', () => {
    expect(
      expectedWords(
        pattern('https://github\\.com/acme/checkout/\\.github/workflows/.*'),
        t,
      ),
    ).toBe('words.anyWorkflow(acme/checkout) (GitHub Actions)');
  });
});
