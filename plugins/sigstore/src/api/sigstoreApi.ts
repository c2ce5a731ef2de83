import { createApiRef } from '@backstage/core-plugin-api';
import { SigstoreClient } from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * What the pages of this plugin ask the backend.
 *
 * @public
 */
export type SigstoreApi = Pick<
  SigstoreClient,
  | 'getEntityReport'
  | 'checkEntity'
  | 'getArtifactDetail'
  | 'getEvidenceBundle'
  | 'getSigners'
  | 'getSigner'
>;

/**
 * The API that an app may replace, for example in its own tests.
 *
 * @public
 */
export const sigstoreApiRef = createApiRef<SigstoreApi>({
  id: 'plugin.sigstore.api',
});
