import { signerWords } from './signerWords';

const GITHUB = 'https://token.actions.githubusercontent.com';
const WORKFLOW =
  'https://github.com/acme/checkout/.github/workflows/release.yml';

describe('signerWords', () => {
  it.each([
    [
      GITHUB,
      `${WORKFLOW}@refs/heads/main`,
      'release.yml in acme/checkout (GitHub Actions)',
    ],
    [
      GITHUB,
      `${WORKFLOW}@refs/heads/fix`,
      'release.yml in acme/checkout at fix (GitHub Actions)',
    ],
    [
      GITHUB,
      `${WORKFLOW}@refs/tags/main`,
      'release.yml in acme/checkout at refs/tags/main (GitHub Actions)',
    ],
    [
      'https://accounts.google.com',
      'jane@acme.example',
      'jane@acme.example (Google)',
    ],
    ['https://idp.example', 'ci', 'ci (https://idp.example)'],
    ['constructor', 'ci', 'ci (constructor)'],
    [
      GITHUB,
      `https://evil.example/?${WORKFLOW}@refs/heads/main`,
      `https://evil.example/?${WORKFLOW}@refs/heads/main (GitHub Actions)`,
    ],
  ])('says %s and %s as "%s"', (issuer, identity, words) => {
    expect(signerWords({ issuer, identity })).toBe(words);
  });
});
