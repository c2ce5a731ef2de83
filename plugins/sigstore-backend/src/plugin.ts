import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { sigstorePermissions } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  ModuleEvidenceSource,
  ReferenceSource,
  RunningArtifactsSource,
  sigstoreEvidenceSourcesExtensionPoint,
  sigstoreReferenceSourcesExtensionPoint,
  sigstoreRunningArtifactsExtensionPoint,
} from '@cloudythings/backstage-plugin-sigstore-node';
import {
  OutboundClient,
  VerificationPool,
} from '@cloudythings/sigstore-engine';
import { S3Buckets } from '@cloudythings/sigstore-engine/s3';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { AccessClients } from './access/AccessClients';
import { distinctRules } from './access/AccessRule';
import { readRegistryCredentials } from './access/registryCredentials';
import { Authorizer } from './api/authorize';
import { createRouter } from './api/router';
import { VisibilityService } from './api/visibility';
import { readSigstoreConfig } from './config';
import { discover } from './discover/discover';
import { mappingSources } from './discover/mappings';
import { discoverAfterStart } from './discover/discoverAfterStart';
import { addArgoCd } from './discover/running/argocd';
import { readRunningConfig } from './discover/running/config';
import { scheduleObserving } from './discover/running/scheduleObserving';
import { FlowLoop } from './flow/FlowLoop';
import { evidenceSources } from './sources';
import { AddedSources, assertDistinct } from './sources/AddedSources';
import { githubInstances, repositoryRules } from './sources/github';
import { moduleSource } from './sources/moduleSource';
import { readS3Config } from './sources/s3';
import { openDatabase } from './store/database';
import { readTrustedRootContent } from './store/trustedRoots';
import { TrustKeeper } from './trust/TrustKeeper';
import { assertMirrorsAllowed } from './trust/assertMirrorsAllowed';
import { loadTrustSet } from './trust/loadTrustSet';
import { refreshTrustedRoots } from './trust/refreshTrustedRoots';
import { fileOf } from './trust/trustedRootConfig';

const DISCOVERY = 'sigstore-discovery';

/** How soon a changed policy file or trusted root is noticed. */
const TRUST_RELOAD = { seconds: 30 };

/**
 * Indexes and verifies who signed what the entities of the catalog declare.
 *
 * @public
 */
export const sigstorePlugin = createBackendPlugin({
  pluginId: 'sigstore',
  register(env) {
    const referenceSources = new AddedSources<ReferenceSource>();
    env.registerExtensionPoint(sigstoreReferenceSourcesExtensionPoint, {
      addSource: source => referenceSources.add(source),
    });
    const moduleSources = new AddedSources<ModuleEvidenceSource>();
    env.registerExtensionPoint(sigstoreEvidenceSourcesExtensionPoint, {
      addSource: source => moduleSources.add(source),
    });
    const observers = new AddedSources<RunningArtifactsSource>();
    env.registerExtensionPoint(sigstoreRunningArtifactsExtensionPoint, {
      addSource: source => observers.add(source),
    });
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
      },
      async init(deps) {
        const { auth, catalog, logger, permissions, lifecycle, scheduler } =
          deps;
        const now = () => new Date();
        const config = readSigstoreConfig(deps.config);
        const outbound = OutboundClient.create({ hosts: config.hosts });
        lifecycle.addShutdownHook(() => outbound.close());
        const githubs = githubInstances(deps.config, outbound, logger);
        const sources = [
          ...evidenceSources({ config: deps.config, outbound, githubs }),
          ...moduleSources.all().map(moduleSource),
        ];
        const allReferenceSources = [
          ...mappingSources(deps.config, config.repositories),
          ...referenceSources.all(),
        ];
        assertDistinct(allReferenceSources);
        const credentials = readRegistryCredentials(deps.config);
        const s3 = readS3Config(deps.config);
        const buckets = S3Buckets.create(s3.rules);
        lifecycle.addShutdownHook(() => buckets.close());
        const accessRules = distinctRules([
          ...credentials,
          ...s3.accessRules,
          ...repositoryRules(githubs),
        ]);
        const running = readRunningConfig(deps.config);
        addArgoCd(observers, deps.config, outbound);
        assertMirrorsAllowed(config.trustedRoots, outbound);
        const knex = await openDatabase(deps.database);
        const refresh = (
          options: Parameters<typeof refreshTrustedRoots>[2],
        ): Promise<void> =>
          refreshTrustedRoots(
            config.trustedRoots,
            { knex, outbound, logger, now },
            options,
          );
        await refresh({ onlyMissing: true });
        const stored = (id: string) => readTrustedRootContent(knex, id);
        const trust = await TrustKeeper.create({
          knex,
          load: () => loadTrustSet(config, stored, now()),
          replica: `${hostname()} ${randomUUID().slice(0, 8)}`,
          logger,
          now,
        });

        deps.permissionsRegistry.addPermissions(sigstorePermissions);
        deps.httpRouter.use(
          createRouter({
            knex,
            catalog,
            authorizer: new Authorizer({
              httpAuth: deps.httpAuth,
              permissions,
              visibility: new VisibilityService({ permissions, catalog, now }),
            }),
            roots: () =>
              trust.profiles.map(({ name, thresholds }, index) => ({
                name,
                thresholds,
                file: fileOf(config.trustedRoots[index]),
              })),
            inForce: () => trust.inForce(),
            now,
          }),
        );

        await scheduler.scheduleTask({
          id: 'sigstore-trust-reload',
          scope: 'local',
          frequency: TRUST_RELOAD,
          initialDelay: TRUST_RELOAD,
          timeout: { minutes: 1 },
          fn: () => trust.reload(),
        });
        if (!config.flow.enabled) return;

        const { repositories, schedule } = config;
        if (config.trustedRoots.some(({ tuf }) => tuf)) {
          await scheduler.scheduleTask({
            id: 'sigstore-trusted-roots',
            frequency: { milliseconds: schedule.trustedRootsMs },
            timeout: { minutes: 10 },
            fn: signal => refresh({ signal }),
          });
        }
        const observeNow = await scheduleObserving(
          observers.all(),
          scheduler,
          running,
          { knex, catalog, auth, logger, accessRules, now },
        );
        await scheduler.scheduleTask({
          id: DISCOVERY,
          frequency: { milliseconds: schedule.discoveryMs },
          timeout: { minutes: 30 },
          fn: async signal => {
            const ports = {
              ...{ knex, catalog, auth, repositories, logger, now },
              referenceSources: allReferenceSources,
              accessRules,
            };
            const { read, changed, gone } = await discover(ports, signal);
            logger.debug(
              `Read ${read} entities of the catalog: ${changed} changed, ${gone} gone`,
            );
            if (changed > 0) await observeNow();
          },
        });
        const verifier = VerificationPool.create();
        const flow = new FlowLoop(
          {
            knex,
            trust,
            clients: new AccessClients(outbound, credentials, now),
            buckets,
            fileRoots: config.fileRoots,
            sources,
            verifier,
            schedule,
            logger,
            now,
            random: Math.random,
          },
          { concurrency: config.flow.concurrency },
        );
        const stopped = new AbortController();
        lifecycle.addStartupHook(() => {
          flow.start();
          const trigger = () => scheduler.triggerTask(DISCOVERY);
          discoverAfterStart(trigger, logger, stopped.signal);
        });
        lifecycle.addShutdownHook(async () => {
          stopped.abort();
          // What is being verified is given up, and verified by the next run.
          await Promise.all([flow.stop(), verifier.close()]);
        });
      },
    });
  },
});
