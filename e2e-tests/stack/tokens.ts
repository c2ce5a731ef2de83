import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import { addressOf, domain } from './names.ts';

const keyId = 'stack';

/** A run of a workflow, as GitHub Actions describes it in its tokens. */
export interface WorkflowRun {
  /** owner/name */
  repository: string;
  /** file under .github/workflows */
  workflow: string;
  /** name in the workflow file */
  workflowName: string;
  ref: string;
  commit: string;
  repositoryId: string;
  ownerId: string;
  runId: string;
  event: string;
  environment?: string;
}

/** A fresh key for the issuers, as PEM. */
export function newIssuerKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The JSON Web Key Set (RFC 7517) with which an issuer's tokens are checked. */
export function keySet(issuerKey: string): object {
  const key = createPublicKey(issuerKey).export({ format: 'jwk' });
  return { keys: [{ ...key, kid: keyId, alg: 'RS256', use: 'sig' }] };
}

/**
 * An identity token as GitHub Actions mints it, with every claim that Fulcio
 * turns into a certificate extension.
 */
export function workflowToken(issuerKey: string, run: WorkflowRun): string {
  const workflowRef = `${run.repository}/.github/workflows/${run.workflow}@${run.ref}`;
  const [owner] = run.repository.split('/');
  const subject = run.environment
    ? `repo:${run.repository}:environment:${run.environment}`
    : `repo:${run.repository}:ref:${run.ref}`;
  return token(issuerKey, {
    iss: addressOf('workflowIssuer'),
    sub: subject,
    actor: 'acme-bot',
    actor_id: '9000001',
    base_ref: '',
    event_name: run.event,
    head_ref: '',
    job_workflow_ref: workflowRef,
    job_workflow_sha: run.commit,
    ref: run.ref,
    ref_protected: 'true',
    ref_type: run.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository: run.repository,
    repository_id: run.repositoryId,
    repository_owner: owner,
    repository_owner_id: run.ownerId,
    repository_visibility: 'private',
    run_attempt: '1',
    run_id: run.runId,
    run_number: '1',
    runner_environment: 'github-hosted',
    sha: run.commit,
    workflow: run.workflowName,
    workflow_ref: workflowRef,
    workflow_sha: run.commit,
    ...(run.environment ? { environment: run.environment } : {}),
  });
}

/** An identity token as GitLab mints it for a job of a pipeline on `main`. */
export function pipelineToken(issuerKey: string, project: string): string {
  const namespace = project.split('/').slice(0, -1).join('/');
  const sha = createHash('sha1').update(project).digest('hex');
  return token(issuerKey, {
    iss: addressOf('pipelineIssuer'),
    sub: `project_path:${project}:ref_type:branch:ref:main`,
    ci_config_ref_uri: `gitlab.com/${project}//.gitlab-ci.yml@refs/heads/main`,
    ci_config_sha: sha,
    job_id: '302',
    namespace_id: '72',
    namespace_path: namespace,
    pipeline_id: '574',
    pipeline_source: 'push',
    project_id: '20',
    project_path: project,
    project_visibility: 'private',
    ref: 'main',
    ref_protected: 'true',
    ref_type: 'branch',
    runner_environment: 'gitlab-hosted',
    sha,
  });
}

/** An identity token as a Kubernetes cluster mints it for a service account. */
export function clusterToken(
  issuerKey: string,
  namespace: string,
  serviceAccount: string,
): string {
  return token(issuerKey, {
    iss: addressOf('clusterIssuer'),
    sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
    'kubernetes.io': {
      namespace,
      pod: { name: `${serviceAccount}-0`, uid: uuidOf(`pod ${namespace}`) },
      serviceaccount: { name: serviceAccount, uid: uuidOf(serviceAccount) },
    },
  });
}

/** A JWT-SVID as SPIRE mints it for a workload. */
export function workloadToken(issuerKey: string, path: string): string {
  return token(issuerKey, {
    iss: addressOf('spireIssuer'),
    sub: `spiffe://${domain}${path}`,
  });
}

/** An identity token for a user who is known by name, without an address. */
export function usernameToken(issuerKey: string, username: string): string {
  return token(issuerKey, { iss: addressOf('usernameIssuer'), sub: username });
}

/** An identity token as Google mints it for a person, or a service account. */
export function personToken(issuerKey: string, email: string): string {
  return token(issuerKey, {
    iss: addressOf('personIssuer'),
    sub: personSubject(email),
    email,
    email_verified: true,
  });
}

/** The number by which the person's issuer knows somebody. */
export function personSubject(email: string): string {
  const hash = createHash('sha256').update(email).digest('hex');
  return BigInt(`0x${hash.slice(0, 16)}`).toString();
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16)]
    .concat(hex.slice(16, 20), hex.slice(20, 32))
    .join('-');
}

function token(issuerKey: string, claims: Record<string, unknown>): string {
  const now = Math.floor(Date.now() / 1000);
  const text = [
    { alg: 'RS256', typ: 'JWT', kid: keyId },
    { aud: 'sigstore', iat: now, nbf: now, exp: now + 600, ...claims },
  ]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign(
    'sha256',
    Buffer.from(text),
    createPrivateKey(issuerKey),
  );
  return `${text}.${signature.toString('base64url')}`;
}
