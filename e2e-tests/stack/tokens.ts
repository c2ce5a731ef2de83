import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import { addressOf } from './names.ts';

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

/** An identity token as Google mints it for a person. */
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
