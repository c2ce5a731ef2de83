import { discoveryApiRef, fetchApiRef } from '@backstage/core-plugin-api';
import {
  ApiBlueprint,
  createFrontendPlugin,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { SigstoreClient } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreApiRef } from './api/sigstoreApi';
import { evidenceRouteRef, provenanceRouteRef } from './routes';

/**
 * The kinds that can declare artifacts. The card shows on all of them, also
 * where nothing is declared: that is how one learns that it could be.
 */
const shownFor = { kind: { $in: ['component', 'resource'] } };

const sigstoreApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: sigstoreApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new SigstoreClient(deps),
    }),
});

const signatureCard = EntityCardBlueprint.make({
  name: 'signatures',
  params: {
    type: 'content',
    filter: shownFor,
    loader: () => import('./card/SignatureCard').then(m => <m.SignatureCard />),
  },
});

const provenanceContent = EntityContentBlueprint.make({
  name: 'provenance',
  params: {
    path: '/provenance',
    title: 'Provenance',
    // An app without such a group shows a tab of its own.
    group: 'security',
    routeRef: provenanceRouteRef,
    filter: shownFor,
    loader: () =>
      import('./provenance/ProvenanceTab').then(m => <m.ProvenanceTab />),
  },
});

/**
 * The sigstore plugin for apps on the new frontend system.
 *
 * @public
 */
export const sigstorePlugin = createFrontendPlugin({
  pluginId: 'sigstore',
  info: { packageJson: () => import('../package.json') },
  routes: { provenance: provenanceRouteRef },
  externalRoutes: { evidence: evidenceRouteRef },
  extensions: [sigstoreApi, signatureCard, provenanceContent],
});
