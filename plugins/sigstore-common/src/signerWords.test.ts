import { NamedSigner } from './identityProviders';
import { identityWords, issuerName, signerWords } from './signerWords';

const GITHUB = 'https://token.actions.githubusercontent.com';
const WORKFLOW =
  'https://github.com/acme/checkout/.github/workflows/release.yml';
const GOOGLE = 'https://accounts.google.com';
const EVIL = 'https://evil.example';
const GKE =
  'https://container.googleapis.com/v1/projects/acme/locations/europe-west1/clusters/prod';
const SERVICE_ACCOUNT =
  'https://kubernetes.io/namespaces/ci/serviceaccounts/signer';
const KEY = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** Of every kind in Fulcio's documentation: issuer, identity, words. */
const KINDS: [string, string, string][] = [
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
    `${GITHUB}/acme-corp`,
    `${WORKFLOW}@refs/heads/main`,
    'release.yml in acme/checkout (GitHub Actions of acme-corp)',
  ],
  [
    'https://gitlab.com',
    'https://gitlab.com/acme/shop/checkout//.gitlab-ci.yml@refs/heads/main',
    '.gitlab-ci.yml in acme/shop/checkout (GitLab)',
  ],
  [
    'https://oidc.codefresh.io',
    'https://g.codefresh.io/acme/checkout/release:64f447c/75a558d',
    'pipeline checkout/release of acme (Codefresh)',
  ],
  [
    'https://agent.buildkite.com',
    'https://buildkite.com/acme/release',
    'pipeline release of acme (Buildkite)',
  ],
  [
    'https://oidc.circleci.com/org/0a1b-2c3d',
    'https://circleci.com/api/v2/projects/4e5f/pipeline-definitions/6a7b',
    'pipeline 6a7b of project 4e5f (CircleCI)',
  ],
  [
    'https://eu-oidc.buddyusercontent.com',
    'https://eu.buddy.works/acme/checkout/pipelines/pipeline/123456',
    'pipeline 123456 of acme/checkout (Buddy)',
  ],
  [
    GKE,
    SERVICE_ACCOUNT,
    'service account signer in namespace ci (GKE cluster prod in europe-west1 of acme)',
  ],
  [
    'https://oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3',
    SERVICE_ACCOUNT,
    'service account signer in namespace ci (EKS cluster A1B2C3 in eu-west-1)',
  ],
  [
    'https://westeurope.oic.prod-aks.azure.com/1111/2222/',
    SERVICE_ACCOUNT,
    'service account signer in namespace ci (AKS cluster 1111/2222)',
  ],
  [
    'https://spire.acme.example',
    'spiffe://acme.example/ns/ci/sa/signer',
    'spiffe://acme.example/ns/ci/sa/signer (https://spire.acme.example)',
  ],
  [GOOGLE, 'jane@acme.example', 'jane@acme.example (Google)'],
  [
    'https://github.com/login/oauth',
    'jane@acme.example',
    'jane@acme.example (GitHub)',
  ],
  [
    'https://login.microsoftonline.com',
    'jane@acme.example',
    'jane@acme.example (Microsoft)',
  ],
  [
    'https://oauth2.sigstore.dev/auth',
    'jane@acme.example',
    'jane@acme.example (Sigstore sign-in)',
  ],
  [
    GOOGLE,
    'signer@acme-prod.iam.gserviceaccount.com',
    'service account signer of project acme-prod (Google)',
  ],
  [
    'https://issuer.enforce.dev',
    'https://issuer.enforce.dev/720909c9/44e1',
    'identity 720909c9/44e1 (Chainguard)',
  ],
  ['', KEY, 'public key sha256:0123456789ab…'],
];

describe('signerWords', () => {
  it.each(KINDS)('says %s and %s as "%s"', (issuer, identity, words) => {
    expect(signerWords({ issuer, identity })).toBe(words);
  });

  it('says who called a reusable workflow', () => {
    const signer = (sourceRepositoryURI: string): NamedSigner => ({
      issuer: GITHUB,
      identity: `${WORKFLOW}@refs/heads/main`,
      identityType: 'uri',
      extensions: { sourceRepositoryURI },
    });
    expect(signerWords(signer('https://github.com/acme/shop'))).toBe(
      'release.yml in acme/checkout, called by acme/shop (GitHub Actions)',
    );
    for (const other of [
      'https://github.com/acme/checkout',
      'https://gitlab.com/acme/shop',
      'https://github.com/acme/shop (GitHub Actions)',
    ]) {
      expect(signerWords(signer(other))).toBe(
        'release.yml in acme/checkout (GitHub Actions)',
      );
    }
  });

  it('says a username of the domain of its issuer', () => {
    const username = (issuer: string, identityType?: 'other-name' | 'uri') =>
      identityWords({ issuer, identity: 'jane!acme.example', identityType });
    expect(username('https://id.acme.example', 'other-name')).toBe(
      'jane of acme.example',
    );
    for (const words of [
      username(EVIL, 'other-name'),
      username('https://notacme.example', 'other-name'),
      username('https://id.acme.example', 'uri'),
    ]) {
      expect(words).toBe('jane!acme.example');
    }
  });

  describe('a name needs identity and issuer', () => {
    it.each(
      KINDS.filter(([issuer]) => issuer !== '').map(
        ([issuer, identity]) => [identity, issuer] as const,
      ),
    )('%s of another issuer is said as it is', (identity, issuer) => {
      for (const other of [
        EVIL,
        `${EVIL}/?${issuer}`,
        issuer.replace(/^https:\/\/[^/]+/, '$&.evil.example'),
        issuer.replace('https://', 'http://'),
        'constructor',
      ]) {
        expect(signerWords({ issuer: other, identity })).toBe(
          `${identity} (${other})`,
        );
      }
    });

    it.each([
      `https://evil.example/?${WORKFLOW}@refs/heads/main`,
      `${WORKFLOW.replace(
        'github.com',
        'github.com.evil.example',
      )}@refs/heads/main`,
      'https://github.com/acme/checkout/.github/workflows/a in acme/b.yml@refs/heads/main',
      `${WORKFLOW}@refs/heads/main (Google)`,
      `${WORKFLOW}@refs/heads/main\nnext line`,
    ])('%s is not said as a workflow', identity => {
      expect(identityWords({ issuer: GITHUB, identity })).toBe(identity);
    });

    it('a key is one only where no issuer stands for it', () => {
      expect(identityWords({ issuer: EVIL, identity: KEY })).toBe(KEY);
      expect(
        identityWords({ issuer: '', identity: KEY, identityType: 'uri' }),
      ).toBe(KEY);
    });

    it('an unknown issuer has no name', () => {
      expect(issuerName(EVIL)).toBe(EVIL);
      expect(issuerName(`${GITHUB}/a/b`)).toBe(`${GITHUB}/a/b`);
      expect(issuerName('__proto__')).toBe('__proto__');
    });
  });
});
