import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { sigstoreRunningArtifactsExtensionPoint } from '@cloudythings/backstage-plugin-sigstore-node';
import { KubernetesApi } from './KubernetesApi';
import { KubernetesSource } from './KubernetesSource';

const KEY = 'sigstore.discover.kubernetes';

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
          config.getOptionalStringArray(`${KEY}.skipClusters`) ?? [];
        const labelSelectors =
          config.getOptionalBoolean(`${KEY}.labelSelectors`) ?? true;
        const api = new KubernetesApi({ auth, discovery });
        running.addSource(
          new KubernetesSource(api, { skipClusters, labelSelectors }),
        );
      },
    });
  },
});
