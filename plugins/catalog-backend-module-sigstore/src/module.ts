import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { readDurationFromConfig } from '@backstage/config';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { sigstoreServiceRef } from '@cloudythings/backstage-plugin-sigstore-node';
import { SigstoreProcessor } from './SigstoreProcessor';
import { StatusPoll } from './StatusPoll';
import { StatusRefresher } from './StatusRefresher';
import { StatusSnapshot } from './StatusSnapshot';

const POLL_INTERVAL_KEY = 'sigstore.catalog.pollInterval';

/**
 * Puts the signature status of each entity into the catalog, as an annotation
 * that can be searched and filtered by.
 *
 * @public
 */
export const catalogModuleSigstore = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'sigstore',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
        sigstore: sigstoreServiceRef,
      },
      async init({ auth, catalog, config, logger, scheduler, sigstore }) {
        const snapshot = StatusSnapshot.create({ auth, sigstore });
        const refresher = new StatusRefresher();
        const poll = new StatusPoll({ snapshot, refresher, logger });

        catalog.addProcessor(new SigstoreProcessor(snapshot));
        catalog.addEntityProvider(refresher);

        await scheduler.scheduleTask({
          id: 'sigstore-status-poll',
          // The snapshot lives in memory: each replica fills its own.
          scope: 'local',
          frequency: config.has(POLL_INTERVAL_KEY)
            ? readDurationFromConfig(config, { key: POLL_INTERVAL_KEY })
            : { seconds: 10 },
          timeout: { minutes: 1 },
          fn: signal => poll.run(signal),
        });
      },
    });
  },
});
