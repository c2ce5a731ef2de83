import {
  BackstageCredentials,
  PermissionsService,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  CatalogService,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  QueryPermissionResponse,
} from '@backstage/plugin-permission-common';
import { FlowProgress } from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import request from 'supertest';
import { sigstorePlugin } from '../plugin';
import { WorldServer, worldConfig, worldEntities } from './demoWorld';

/** The HTTP server of a started backend. */
export type TestServer = Awaited<ReturnType<typeof startTestBackend>>['server'];

/** What a test may change about the surroundings of the plugin. */
export type Surroundings = {
  knex?: Knex;
  /** What users may; services may everything. */
  users?: UserRights;
};

/** What users may do, and what of the catalog they see. */
export type UserRights = {
  denied?: string[];
  catalog?: 'all' | 'nothing' | ((entityRef: string) => boolean);
};

/** Starts the plugin on the recorded world and waits until all was checked. */
export async function startPlugin(
  world: WorldServer,
  { knex, users = {} }: Surroundings = {},
): Promise<TestServer> {
  const { server } = await startTestBackend({
    features: [
      sigstorePlugin,
      catalogFor(users),
      permissionsFor(users),
      mockServices.rootConfig.factory({ data: worldConfig(world) }),
      ...(knex ? [mockServices.database.factory({ knex })] : []),
    ],
  });
  await untilChecked(server);
  return server;
}

/** Asks for the progress until all that is declared was checked. */
export async function untilChecked(server: TestServer): Promise<FlowProgress> {
  for (;;) {
    const { body } = await asService(server, '/flow');
    if (body.discoveredAt && body.due === 0) return body;
  }
}

/** Reads an endpoint as another plugin. */
export function asService(server: TestServer, path: string) {
  return request(server)
    .get(`/api/sigstore${path}`)
    .set('authorization', mockCredentials.service.header());
}

/** Reads an endpoint as a signed-in user. */
export function asUser(server: TestServer, path: string) {
  return request(server)
    .get(`/api/sigstore${path}`)
    .set('authorization', mockCredentials.user.header());
}

const isUser = (credentials: BackstageCredentials) =>
  (credentials.principal as { type?: string }).type === 'user';

function permissionsFor(users: UserRights) {
  const conditional: QueryPermissionResponse = {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'catalog',
    resourceType: 'catalog-entity',
    conditions: {
      rule: 'IS_ENTITY_OWNER',
      resourceType: 'catalog-entity',
      params: { claims: [] },
    },
  };
  const onCatalog = (): QueryPermissionResponse => {
    if (users.catalog === 'nothing') return { result: AuthorizeResult.DENY };
    return typeof users.catalog === 'function'
      ? conditional
      : { result: AuthorizeResult.ALLOW };
  };
  const permissions: Partial<PermissionsService> = {
    authorize: async (requests, { credentials }: any) =>
      requests.map(({ permission }) => ({
        result:
          isUser(credentials) && users.denied?.includes(permission.name)
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      })),
    authorizeConditional: async (requests, { credentials }: any) =>
      requests.map(() =>
        isUser(credentials) ? onCatalog() : { result: AuthorizeResult.ALLOW },
      ),
  };
  return mockServices.permissions.mock(permissions).factory;
}

// The catalog's own filtering by permission, which its in-memory stand-in lacks.
function catalogFor({ catalog = 'all' }: UserRights) {
  return createServiceFactory({
    service: catalogServiceRef,
    deps: {},
    factory: () => {
      const all = catalogServiceMock({ entities: worldEntities() });
      const visible = (
        entity: Entity | undefined,
        credentials: BackstageCredentials,
      ) => {
        if (!entity || !isUser(credentials) || catalog === 'all') return entity;
        const sees =
          catalog !== 'nothing' && catalog(stringifyEntityRef(entity));
        return sees ? entity : undefined;
      };
      return {
        streamEntities: (query, options) => all.streamEntities(query, options),
        getEntityByRef: async (ref, options) =>
          visible(await all.getEntityByRef(ref), options.credentials),
        getEntitiesByRefs: async (query, options) => {
          const { items } = await all.getEntitiesByRefs(query);
          return {
            items: items.map(item => visible(item, options.credentials)),
          };
        },
      } as Partial<CatalogService> as CatalogService;
    },
  });
}
