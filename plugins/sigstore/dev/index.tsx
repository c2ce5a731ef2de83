import { createDevApp } from '@backstage/frontend-dev-utils';
import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import { mockApis } from '@backstage/frontend-test-utils';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import sigstorePlugin, { sigstoreApiRef } from '../src';
import { entities } from './fixtures/entities';
import { FixtureApi } from './fixtures/FixtureApi';

/** The pages with every state on an entity of its own, without a backend. */
createDevApp({
  features: [
    createFrontendModule({
      pluginId: 'app',
      extensions: [
        ApiBlueprint.make({
          name: 'permission',
          params: defineParams =>
            defineParams({
              api: permissionApiRef,
              deps: {},
              factory: () => mockApis.permission(),
            }),
        }),
      ],
    }),
    catalogPlugin.withOverrides({
      extensions: [
        catalogPlugin.getExtension('api:catalog').override({
          params: defineParams =>
            defineParams({
              api: catalogApiRef,
              deps: {},
              factory: () => catalogApiMock({ entities }),
            }),
        }),
      ],
    }),
    sigstorePlugin.withOverrides({
      extensions: [
        sigstorePlugin.getExtension('api:sigstore').override({
          params: defineParams =>
            defineParams({
              api: sigstoreApiRef,
              deps: {},
              factory: () => new FixtureApi(),
            }),
        }),
      ],
    }),
  ],
});
