import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { RunningArtifactsSource } from './RunningArtifactsSource';

/**
 * Takes further observers of what runs.
 *
 * @public
 */
export interface RunningArtifactsExtensionPoint {
  /**
   * Adds a source; when the backend starts, not later.
   *
   * @throws Error when the ID or the title is taken or cannot be used
   */
  addSource(source: RunningArtifactsSource): void;
}

/**
 * For modules that see what runs for an entity.
 *
 * @public
 */
export const sigstoreRunningArtifactsExtensionPoint =
  createExtensionPoint<RunningArtifactsExtensionPoint>({
    id: 'sigstore.running-artifacts',
  });
