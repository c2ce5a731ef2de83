/**
 * The names under which the stack is reached. They are the names a real
 * organization would use, because they end up in certificates, payloads and log
 * entries; the loopback proxy leads them to the processes on this machine.
 */
export const names = {
  workflowIssuer: 'token.actions.githubusercontent.com',
  personIssuer: 'accounts.google.com',
  pipelineIssuer: 'gitlab.com',
  clusterIssuer: 'oidc.eks.eu-central-1.amazonaws.com',
  spireIssuer: 'spire.acme.example',
  usernameIssuer: 'login.acme.example',
  fulcio: 'fulcio.acme.example',
  ctLog: 'ctfe.acme.example',
  rekor: 'log2026-1.rekor.acme.example',
  rekorV1: 'rekor.acme.example',
  timestamp: 'tsa.acme.example',
  registry: 'registry.acme.example',
  distribution: 'images.acme.example',
  s3: 's3.acme.example',
  tuf: 'tuf.acme.example',
} as const;

/** The logs of signatures: Rekor v2, and Rekor v1 where there is a database. */
export type LogName = 'rekor' | 'rekorV1';

/** Path of the certificate log under its host: one log a year. */
export const ctLogPrefix = '2026';

/** Path of the cluster under the host of its issuer, as Amazon EKS names them. */
const clusterPath = '/id/8A3F0C5E6D7B4192A0E1B2C3D4F50617';

/** The trust domain of SPIFFE identities, and the domain of user names. */
export const domain = 'acme.example';

/**
 * Organization in every certificate of an authority of the stack: the mark by
 * which a trusted root of the demo is recognised.
 */
export const organization = 'Acme Demo World';

/** https address of one of the names; of an issuer, as its tokens name it. */
export function addressOf(name: keyof typeof names): string {
  const host = `https://${names[name]}`;
  return name === 'clusterIssuer' ? `${host}${clusterPath}` : host;
}
