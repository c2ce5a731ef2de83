import { Signer } from './facts';

/**
 * What the words for a signer are made from.
 *
 * @public
 */
export type NamedSigner = Pick<Signer, 'issuer' | 'identity'> &
  Partial<Pick<Signer, 'identityType' | 'extensions'>>;

/**
 * A kind of identity of Fulcio's: said in words only where the issuer is one
 * that vouches for it and the identity has the form that this issuer gives it.
 * Anybody can run an issuer, and name anything in an identity.
 */
type Provider = {
  /** Exact, or a pattern over the whole of it. */
  issuer: string | RegExp;
  /** A name people know for the issuer. */
  name: (issuer: string[]) => string;
  /** Forms of an identity, first to last. */
  identities: Form[];
};

/** Matches the whole identity; undefined leaves it as it is. */
type Form = [
  pattern: RegExp,
  words: (parts: string[], signer: NamedSigner) => string,
];

// Parts that people choose hold no blanks or brackets here: those could be
// words that somebody else seems to say.
const P = '([\\w.+@-]+)';
const PATH = '([\\w.+@/-]+)';
const SLUG = '([A-Za-z0-9-]+)';
const REF = '([\\w.+@#=/-]+)';

const whole = (...sources: string[]) => new RegExp(`^${sources.join('')}$`);
const named = (name: string) => () => name;

const GITHUB_WORKFLOW: Form = [
  whole(`https://github\\.com/${P}/${P}/\\.github/workflows/${PATH}@${REF}`),
  ([owner, name, file, ref], { extensions }) =>
    `${file} in ${owner}/${name}${atRef(ref)}${calledBy(
      `${owner}/${name}`,
      extensions,
    )}`,
];

const EMAIL: Form = [
  whole("[\\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+"),
  (_, { identity }) => identity,
];

const SERVICE_ACCOUNT: Form = [
  whole('([a-z0-9-]+)@([a-z0-9.-]+)\\.iam\\.gserviceaccount\\.com'),
  ([account, project]) => `service account ${account} of project ${project}`,
];

const KUBERNETES: Form = [
  whole(`https://kubernetes\\.io/namespaces/${P}/serviceaccounts/${P}`),
  ([namespace, account]) =>
    `service account ${account} in namespace ${namespace}`,
];

/** Issuers and identities of Fulcio (docs/oidc.md and its configuration). */
export const PROVIDERS: readonly Provider[] = [
  {
    issuer: 'https://token.actions.githubusercontent.com',
    name: named('GitHub Actions'),
    identities: [GITHUB_WORKFLOW],
  },
  {
    issuer: whole(`https://token\\.actions\\.githubusercontent\\.com/${SLUG}`),
    name: ([enterprise]) => `GitHub Actions of ${enterprise}`,
    identities: [GITHUB_WORKFLOW],
  },
  {
    issuer: 'https://gitlab.com',
    name: named('GitLab'),
    identities: [
      [
        whole(
          `https://gitlab\\.com/([\\w.+-]+(?:/[\\w.+-]+)+)//${PATH}@${REF}`,
        ),
        ([project, file, ref]) => `${file} in ${project}${atRef(ref)}`,
      ],
    ],
  },
  {
    issuer: 'https://oidc.codefresh.io',
    name: named('Codefresh'),
    identities: [
      [
        whole(`https://g\\.codefresh\\.io/${P}/${PATH}:${P}/${P}`),
        ([account, pipeline]) => `pipeline ${pipeline} of ${account}`,
      ],
    ],
  },
  {
    issuer: 'https://agent.buildkite.com',
    name: named('Buildkite'),
    identities: [
      [
        whole(`https://buildkite\\.com/${P}/${P}`),
        ([organization, pipeline]) => `pipeline ${pipeline} of ${organization}`,
      ],
    ],
  },
  {
    issuer: whole('https://oidc\\.circleci\\.com(?:/org/[0-9a-f-]+)?'),
    name: named('CircleCI'),
    identities: [
      [
        whole(
          `https://circleci\\.com/api/v2/projects/${P}/pipeline-definitions/${P}`,
        ),
        ([project, pipeline]) => `pipeline ${pipeline} of project ${project}`,
      ],
    ],
  },
  {
    issuer: whole('https://(?:eu-|asia-)?oidc\\.buddyusercontent\\.com'),
    name: named('Buddy'),
    identities: [
      [
        whole(
          `https://[a-z]+\\.buddy\\.works/${P}/${P}/pipelines/pipeline/${P}`,
        ),
        ([workspace, project, pipeline]) =>
          `pipeline ${pipeline} of ${workspace}/${project}`,
      ],
    ],
  },
  {
    issuer: whole(
      `https://container\\.googleapis\\.com/v1/projects/${SLUG}/locations/${SLUG}/clusters/${SLUG}`,
    ),
    name: ([project, location, cluster]) =>
      `GKE cluster ${cluster} in ${location} of ${project}`,
    identities: [KUBERNETES],
  },
  {
    issuer: whole(
      'https://oidc\\.eks\\.([a-z0-9-]+)\\.amazonaws\\.com/id/(\\w+)',
    ),
    name: ([region, cluster]) => `EKS cluster ${cluster} in ${region}`,
    identities: [KUBERNETES],
  },
  {
    issuer: whole(
      `https://(?:[a-z0-9-]+\\.oic|oidc)\\.prod-aks\\.azure\\.com/([A-Za-z0-9/-]+)`,
    ),
    name: ([cluster]) => `AKS cluster ${cluster.replace(/\/$/, '')}`,
    identities: [KUBERNETES],
  },
  {
    issuer: 'https://accounts.google.com',
    name: named('Google'),
    identities: [SERVICE_ACCOUNT, EMAIL],
  },
  {
    issuer: 'https://github.com/login/oauth',
    name: named('GitHub'),
    identities: [EMAIL],
  },
  {
    issuer: 'https://login.microsoftonline.com',
    name: named('Microsoft'),
    identities: [EMAIL],
  },
  {
    issuer: 'https://oauth2.sigstore.dev/auth',
    name: named('Sigstore sign-in'),
    identities: [EMAIL],
  },
  {
    issuer: 'https://issuer.enforce.dev',
    name: named('Chainguard'),
    identities: [
      [
        whole(`https://issuer\\.enforce\\.dev/${PATH}`),
        ([id]) => `identity ${id}`,
      ],
    ],
  },
];

/** Only a branch is left out: a tag may be called main, too. */
function atRef(ref: string): string {
  if (ref === 'refs/heads/main' || ref === 'refs/heads/master') return '';
  return ` at ${ref.replace(/^refs\/heads\//, '')}`;
}

/**
 * The identity is that of the reusable workflow; whose build it was stands in
 * another place of the certificate.
 */
function calledBy(
  repository: string,
  extensions: Record<string, string> = {},
): string {
  const source = whole(`https://github\\.com/${P}/${P}`).exec(
    extensions.sourceRepositoryURI ?? '',
  );
  if (!source) return '';
  const caller = `${source[1]}/${source[2]}`;
  return caller === repository ? '' : `, called by ${caller}`;
}
