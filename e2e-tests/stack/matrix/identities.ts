import { addressOf, domain } from '../names.ts';
import {
  clusterToken,
  personToken,
  pipelineToken,
  usernameToken,
  workflowToken,
  workloadToken,
} from '../tokens.ts';

/** Somebody whom Fulcio certifies. */
export interface Identity {
  issuer: string;
  /** what stands in the certificate */
  subject: string;
  token(issuerKey: string): string;
}

/** The run of the workflow that signs. */
export const run = {
  repository: 'acme/checkout',
  workflow: 'release.yml',
  workflowName: 'Release',
  ref: 'refs/heads/main',
  commit: '6d1f0f1c2b3a495867768594a3b2c1d0e0f01234',
  repositoryId: '8100',
  ownerId: '8000',
  runId: '7000',
  event: 'push',
};

/** One identity of each kind that Fulcio certifies and the stack has an issuer for. */
export const identities = {
  'GitHub workflow': {
    issuer: addressOf('workflowIssuer'),
    subject: `https://github.com/${run.repository}/.github/workflows/${run.workflow}@${run.ref}`,
    token: key => workflowToken(key, run),
  },
  'GitLab pipeline': {
    issuer: addressOf('pipelineIssuer'),
    subject:
      'https://gitlab.com/acme/shop/checkout//.gitlab-ci.yml@refs/heads/main',
    token: key => pipelineToken(key, 'acme/shop/checkout'),
  },
  person: {
    issuer: addressOf('personIssuer'),
    subject: `jane@${domain}`,
    token: key => personToken(key, `jane@${domain}`),
  },
  'cloud service account': {
    issuer: addressOf('personIssuer'),
    subject: 'release@acme-prod.iam.gserviceaccount.com',
    token: key => personToken(key, 'release@acme-prod.iam.gserviceaccount.com'),
  },
  'Kubernetes service account': {
    issuer: addressOf('clusterIssuer'),
    subject: 'https://kubernetes.io/namespaces/release/serviceaccounts/signer',
    token: key => clusterToken(key, 'release', 'signer'),
  },
  'SPIFFE workload': {
    issuer: addressOf('spireIssuer'),
    subject: `spiffe://${domain}/ns/release/sa/signer`,
    token: key => workloadToken(key, '/ns/release/sa/signer'),
  },
  username: {
    issuer: addressOf('usernameIssuer'),
    subject: `release-bot!${domain}`,
    token: key => usernameToken(key, 'release-bot'),
  },
} satisfies Record<string, Identity>;

/** Who signs: one of these, or whoever holds a key. */
export type SignerName = keyof typeof identities | 'key';
