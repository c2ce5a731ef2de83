import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { sigstoreRunningArtifactsExtensionPoint } from '@cloudythings/backstage-plugin-sigstore-node';
import { KubernetesApi } from './KubernetesApi';
import { KubernetesSource } from './KubernetesSource';

const SKIP_CLUSTERS_KEY = 'sigstore.discover.kubernetes.skipClusters';

/**
 * Has the clusters of the Backstage Kubernetes plugin asked which images run for
 * each entity.
 *
 * @public
 */
export const sigstoreModuleKubernetes = createBackendModule({
  pluginId: 'sigstore',
  moduleId: 'kubernetes',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        running: sigstoreRunningArtifactsExtensionPoint,
      },
      async init({ auth, config, discovery, running }) {
        const skipClusters =
          config.getOptionalStringArray(SKIP_CLUSTERS_KEY) ?? [];
        const api = new KubernetesApi({ auth, discovery });
        running.addSource(new KubernetesSource(api, { skipClusters }));
      },
    });
  },
});
