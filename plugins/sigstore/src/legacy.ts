/**
 * The same plugin for apps on the old frontend system.
 *
 * @packageDocumentation
 */
import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { Entity } from '@backstage/catalog-model';
import { SigstoreClient } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreApiRef } from './api/sigstoreApi';
import { evidenceRouteRef, provenanceRouteRef } from './routes';

export { sigstoreApiRef, type SigstoreApi } from './api/sigstoreApi';
export { sigstoreTranslationRef } from './translation';

/**
 * The plugin; `createApp` finds it through its components.
 *
 * @public
 */
export const sigstorePlugin = createPlugin({
  id: 'sigstore',
  apis: [
    createApiFactory({
      api: sigstoreApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new SigstoreClient(deps),
    }),
  ],
  routes: { provenance: provenanceRouteRef },
  externalRoutes: { evidence: evidenceRouteRef },
});

/**
 * The card for the overview of an entity page.
 *
 * @public
 */
export const EntitySignatureCard: () => JSX.Element = sigstorePlugin.provide(
  createComponentExtension({
    name: 'EntitySignatureCard',
    component: {
      lazy: () => import('./card/SignatureCard').then(m => m.SignatureCard),
    },
  }),
);

/**
 * The provenance tab of an entity page.
 *
 * @public
 */
export const EntityProvenanceContent: () => JSX.Element =
  sigstorePlugin.provide(
    createRoutableExtension({
      name: 'EntityProvenanceContent',
      mountPoint: provenanceRouteRef,
      component: () =>
        import('./provenance/ProvenanceTab').then(m => m.ProvenanceTab),
    }),
  );

/**
 * Tells whether an entity is of a kind that can declare artifacts, for
 * `EntitySwitch` and the like.
 *
 * @public
 */
export function isSignatureStatusAvailable(entity: Entity): boolean {
  const kind = entity.kind.toLocaleLowerCase('en-US');
  return kind === 'component' || kind === 'resource';
}
