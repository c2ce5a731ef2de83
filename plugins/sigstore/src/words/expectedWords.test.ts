import { ExpectedSigner } from '@cloudythings/backstage-plugin-sigstore-common';
import { expectedKey, expectedWorkflow } from '../../dev/fixtures/signers';
import {
  expectedIdentities,
  expectedWords,
  nearestExpectedWords,
} from './expectedWords';
import { Translate } from './translate';

const t = ((key: string, values?: Record<string, string>) =>
  values
    ? `${key}(${Object.values(values).join(', ')})`
    : ' or ') as unknown as Translate;

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

  it('leaves it a pattern where the issuer does not vouch for workflows', () => {
    const identity =
      'https://github\\.com/acme/checkout/\\.github/workflows/.*';
    expect(
      expectedWords(
        { ...pattern(identity), issuer: 'https://issuer.example' },
        t,
      ),
    ).toBe(`${identity} (https://issuer.example)`);
  });

  it('says the issuers of a pattern only where they are few', () => {
    const withIssuer = (issuer: string) =>
      expectedWords(
        {
          ...expectedWorkflow('acme/checkout'),
          identity: 'jane',
          issuer,
          issuerPattern: true,
        },
        t,
      );
    expect(withIssuer('https://accounts\\.google\\.com')).toBe('jane (Google)');
    expect(withIssuer('https://.*')).toBe(
      'jane (words.issuerPattern(https://.*))',
    );
  });

  it('says what a signer must be besides, and when it must have signed', () => {
    expect(
      expectedWords(
        {
          ...expectedWorkflow('acme/checkout'),
          extensions: { runnerEnvironment: 'github-hosted' },
          signedAfter: '2026-01-01T00:00:00Z',
          signedBefore: '2026-11-01T12:30:00Z',
        },
        t,
      ),
    ).toBe(
      'release.yml in acme/checkout (GitHub Actions), words.condition.extension(Runner Environment, github-hosted), words.condition.signedBetween(Jan 1, 2026, 2026-11-01 12:30:00 UTC)',
    );
  });

  it('says a key by the name of its authority', () => {
    expect(expectedWords(expectedKey(), t)).toBe(
      'words.key.named(firmware-release, sha256:3be47d7d…91f0)',
    );
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
