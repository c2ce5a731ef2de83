import { ExpectedSigner } from '@cloudythings/backstage-plugin-sigstore-common';
import { expectedWorkflow } from '../../dev/fixtures/signers';
import {
  expectedIdentities,
  expectedWords,
  nearestExpectedWords,
} from './expectedWords';
import { Translate } from './translate';

const t = ((key: string, values?: { repository: string }) =>
  values ? `${key}(${values.repository})` : ' or ') as unknown as Translate;

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
    'https://github\\.com/acme/[^/]+/\\.github/workflows/.*',
    'https://github\\.com/acme/checkout/\\d\\.github/workflows/.*',
  ])('leaves any other pattern a pattern: %s', identity => {
    expect(expectedIdentities(pattern(identity))).toEqual([identity]);
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

  it('says both of two, and compares with the nearer', () => {
    const both = pattern(
      'https://github\\.com/acme/checkout/\\.github/workflows/release\\.ya?ml@refs/heads/main',
    );
    expect(expectedWords(both, t)).toBe(
      'release.yml or release.yaml in acme/checkout (GitHub Actions)',
    );
    expect(
      nearestExpectedWords(
        [both],
        'release.yaml in acme/checkout-evil (GitHub Actions)',
        t,
      ),
    ).toBe('release.yaml in acme/checkout (GitHub Actions)');
  });
});
