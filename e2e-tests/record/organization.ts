import { createHash } from 'node:crypto';
import type { WorkflowRun } from '../stack/tokens.ts';

/** Who signs: a run of a workflow, or a person. */
export type Signer = { run: WorkflowRun } | { person: string };

/** A piece of evidence attached to an artifact in the registry. */
export type Evidence =
  /** `cosign sign`, a bundle among the referrers */
  | { made: 'signature'; by: Signer }
  /** `cosign attest` with SLSA provenance v1, a bundle among the referrers */
  | { made: 'provenance'; by: { run: WorkflowRun } }
  /** the same two in cosign's older layout: tags, timestamps, no log entry */
  | { made: 'legacy-signature'; by: Signer }
  | { made: 'legacy-provenance'; by: { run: WorkflowRun } }
  /** signed with a key that was kept until after its certificate's end */
  | { made: 'late-signature'; by: Signer }
  /** the bundle of another tag of the same repository, attached here as it is */
  | { made: 'copy-of-signature'; of: string };

/** Something in the registry. */
export interface RegistryArtifact {
  kind: 'image' | 'multi-arch-image' | 'terraform-module' | 'policy-bundle';
  /** path under registry.acme.example */
  repository: string;
  tag: string;
  /** repository of its sources */
  source: string;
  evidence: Evidence[];
}

/** A file of the bundle store, with its bundle beside it. */
export interface StoredPlan {
  /** path under plans.acme.example */
  path: string;
  /** what the plan would do */
  actions: Record<string, 'create' | 'update' | 'delete'>;
  by: Signer;
  /** what the file says instead once it is signed */
  changedAfterSigning?: Record<string, 'create' | 'update' | 'delete'>;
}

/** A run of `workflow` in `repository`; the same arguments give the same run. */
function run(
  repository: string,
  workflow: string,
  version: string,
  environment?: string,
): { run: WorkflowRun } {
  const seed = createHash('sha1')
    .update(`${repository} ${workflow} ${version}`)
    .digest('hex');
  const number = (text: string) =>
    String(
      Number.parseInt(
        createHash('sha1').update(text).digest('hex').slice(0, 7),
        16,
      ),
    );
  return {
    run: {
      repository,
      workflow,
      workflowName: workflow.startsWith('plan') ? 'Plan' : 'Release',
      ref: 'refs/heads/main',
      commit: seed,
      repositoryId: number(repository),
      ownerId: number(repository.split('/')[0]),
      runId: `1${number(seed).padStart(9, '0')}`,
      event: 'push',
      ...(environment ? { environment } : {}),
    },
  };
}

const release = (repository: string, version: string) =>
  run(repository, 'release.yml', version);
const plan = (repository: string) =>
  run(repository, 'plan.yml', 'prod', 'production');

/** Everything in the registry, in the order in which it is signed. */
export const registryArtifacts: RegistryArtifact[] = [
  {
    kind: 'image',
    repository: 'acme/checkout',
    tag: '1.4.2',
    source: 'acme/checkout',
    evidence: [{ made: 'signature', by: release('acme/checkout', '1.4.2') }],
  },
  {
    kind: 'image',
    repository: 'acme/checkout-worker',
    tag: '1.4.2',
    source: 'acme/checkout',
    evidence: [{ made: 'signature', by: { person: 'jane@acme.example' } }],
  },
  {
    kind: 'image',
    repository: 'acme/payments-api',
    tag: '2.7.0',
    source: 'acme/payments-api',
    evidence: [
      { made: 'signature', by: release('acme/payments-api', '2.7.0') },
      { made: 'provenance', by: release('acme/payments-api', '2.7.0') },
    ],
  },
  {
    kind: 'image',
    repository: 'acme/ledger',
    tag: '0.9.14',
    source: 'acme/ledger',
    evidence: [
      { made: 'legacy-signature', by: release('acme/ledger', '0.9.14') },
      { made: 'legacy-provenance', by: release('acme/ledger', '0.9.14') },
    ],
  },
  {
    kind: 'multi-arch-image',
    repository: 'acme/storefront',
    tag: '3.2.0',
    source: 'acme/storefront',
    evidence: [{ made: 'signature', by: release('acme/storefront', '3.2.0') }],
  },
  {
    kind: 'image',
    repository: 'acme/notifier',
    tag: '1.1.0',
    source: 'acme/notifier',
    evidence: [
      { made: 'signature', by: release('acme/notifier-evil', '1.1.0') },
    ],
  },
  {
    kind: 'image',
    repository: 'acme/reports',
    tag: '2.0.1',
    source: 'acme/reports',
    evidence: [],
  },
  {
    kind: 'image',
    repository: 'acme/search',
    tag: '5.0.9',
    source: 'acme/search',
    evidence: [{ made: 'signature', by: release('acme/search', '5.0.9') }],
  },
  {
    kind: 'image',
    repository: 'acme/search',
    tag: '5.1.0',
    source: 'acme/search',
    evidence: [{ made: 'copy-of-signature', of: '5.0.9' }],
  },
  {
    kind: 'image',
    repository: 'acme/loyalty',
    tag: '0.4.0',
    source: 'acme/loyalty',
    evidence: [],
  },
  {
    kind: 'image',
    repository: 'labs/recommendations',
    tag: '0.7.0',
    source: 'acme/recommendations',
    evidence: [
      { made: 'signature', by: release('acme/recommendations', '0.7.0') },
    ],
  },
  {
    kind: 'terraform-module',
    repository: 'acme/modules/network',
    tag: '3.1.0',
    source: 'acme/terraform-modules',
    evidence: [
      { made: 'signature', by: release('acme/terraform-modules', '3.1.0') },
    ],
  },
  {
    kind: 'terraform-module',
    repository: 'acme/modules/dns-zone',
    tag: '0.9.2',
    source: 'acme/terraform-modules',
    evidence: [],
  },
  {
    kind: 'policy-bundle',
    repository: 'acme/policies/admission-baseline',
    tag: '2.3.0',
    source: 'acme/policies',
    evidence: [{ made: 'signature', by: release('acme/policies', '2.3.0') }],
  },
  {
    kind: 'image',
    repository: 'acme/mailer',
    tag: '1.0.5',
    source: 'acme/mailer',
    evidence: [{ made: 'late-signature', by: release('acme/mailer', '1.0.5') }],
  },
];

/** Everything in the bundle store. */
export const storedPlans: StoredPlan[] = [
  {
    path: 'prod/checkout/plan.json',
    actions: { 'aws_ecs_service.checkout': 'update' },
    by: plan('acme/checkout'),
  },
  {
    path: 'prod/payments/plan.json',
    actions: { 'aws_ecs_service.payments': 'update' },
    changedAfterSigning: {
      'aws_ecs_service.payments': 'update',
      'aws_iam_role_policy.payments_admin': 'create',
    },
    by: plan('acme/payments-infrastructure'),
  },
];
