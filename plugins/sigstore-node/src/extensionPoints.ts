import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { ModuleEvidenceSource } from './ModuleEvidenceSource';
import { ReferenceSource } from './ReferenceSource';

/**
 * Takes further ways to tell which artifacts an entity uses.
 *
 * @public
 */
export interface ReferenceSourcesExtensionPoint {
  /**
   * Adds a source; when the backend starts, not later.
   *
   * @throws Error when the ID or the title is taken or cannot be used
   */
  addSource(source: ReferenceSource): void;
}

/**
 * For modules that tell which artifacts an entity uses.
 *
 * @public
 */
export const sigstoreReferenceSourcesExtensionPoint =
  createExtensionPoint<ReferenceSourcesExtensionPoint>({
    id: 'sigstore.reference-sources',
  });

/**
 * Takes further places where evidence lies.
 *
 * @public
 */
export interface EvidenceSourcesExtensionPoint {
  /**
   * Adds a source; when the backend starts, not later.
   *
   * @throws Error when the ID or the title is taken or cannot be used
   */
  addSource(source: ModuleEvidenceSource): void;
}

/**
 * For modules that bring evidence from a place of their own.
 *
 * @public
 */
export const sigstoreEvidenceSourcesExtensionPoint =
  createExtensionPoint<EvidenceSourcesExtensionPoint>({
    id: 'sigstore.evidence-sources',
  });
