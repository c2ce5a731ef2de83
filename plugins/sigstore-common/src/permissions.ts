import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Reading statuses of entities and artifacts. What a caller sees is further
 * limited to entities that the catalog shows them.
 *
 * @public
 */
export const sigstoreStatusReadPermission = createPermission({
  name: 'sigstore.status.read',
  attributes: { action: 'read' },
});

/**
 * Reading raw evidence: bundles, certificates, statements.
 *
 * @public
 */
export const sigstoreEvidenceReadPermission = createPermission({
  name: 'sigstore.evidence.read',
  attributes: { action: 'read' },
});

/**
 * Reading the index across entities: signers and log entries.
 *
 * @public
 */
export const sigstoreIndexReadPermission = createPermission({
  name: 'sigstore.index.read',
  attributes: { action: 'read' },
});

/**
 * Asking for an entity to be checked again now.
 *
 * @public
 */
export const sigstoreCheckCreatePermission = createPermission({
  name: 'sigstore.check.create',
  attributes: { action: 'create' },
});

/**
 * Trying trust policies out over what is stored.
 *
 * @public
 */
export const sigstorePolicyPreviewPermission = createPermission({
  name: 'sigstore.policy.preview',
  attributes: { action: 'read' },
});

/** @public */
export const sigstorePermissions = [
  sigstoreStatusReadPermission,
  sigstoreEvidenceReadPermission,
  sigstoreIndexReadPermission,
  sigstoreCheckCreatePermission,
  sigstorePolicyPreviewPermission,
];
