import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { CompoundEntityRef } from '@backstage/catalog-model';
import {
  ArtifactReport,
  EntityReport,
  EntityStatus,
  EntityStatusSummary,
  PolicyPreview,
  PolicyPreviewFile,
} from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * On whose behalf a question is asked. The answer holds only what those
 * credentials may see.
 *
 * @public
 */
export type SigstoreServiceRequestOptions = {
  credentials: BackstageCredentials;
  signal?: AbortSignal;
};

/**
 * One page of statuses that changed. `status` is absent when the entity is no
 * longer known to the sigstore backend.
 *
 * @public
 */
export type StatusChanges = {
  items: { entityRef: string; status?: EntityStatus }[];
  cursor: string;
  more: boolean;
};

/**
 * What other backend plugins and modules may ask of the sigstore backend. All
 * methods throw `ResponseError` when it answers with an error, and whatever
 * `fetch` throws when it does not answer.
 *
 * @public
 */
export interface SigstoreService {
  /** Status of one entity with a row per artifact. */
  getEntityReport(
    entityRef: string | CompoundEntityRef,
    options: SigstoreServiceRequestOptions,
  ): Promise<EntityReport>;

  /** Statuses of many entities; those the credentials may not see are left out. */
  getEntityStatuses(
    entityRefs: string[],
    options: SigstoreServiceRequestOptions,
  ): Promise<EntityStatusSummary[]>;

  /** Reports of an artifact wherever it is used, by digest. */
  getArtifactByDigest(
    digest: string,
    options: SigstoreServiceRequestOptions,
  ): Promise<{ digest: string; reports: ArtifactReport[] }>;

  /** Asks for a check now; returns how many references became due. */
  checkEntity(
    entityRef: string | CompoundEntityRef,
    options: SigstoreServiceRequestOptions,
  ): Promise<number>;

  /** Statuses changed since a cursor, all without one. For services only. */
  getStatusChanges(
    query: { cursor?: string; limit?: number },
    options: SigstoreServiceRequestOptions,
  ): Promise<StatusChanges>;

  /**
   * What policies would change if they were in force, within what the
   * credentials may see. Nothing is stored.
   */
  previewPolicies(
    files: PolicyPreviewFile[],
    options: SigstoreServiceRequestOptions,
  ): Promise<PolicyPreview>;
}
