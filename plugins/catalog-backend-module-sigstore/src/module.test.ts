import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import {
  BackendFeature,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { provideStaticCatalogModel } from '@backstage/plugin-catalog-node/alpha';
import request from 'supertest';
import { sigstoreCatalogModelLayer } from './modelLayer';
import { catalogModuleSigstore } from './module';
import { statusPlugin } from './__testUtils__/statusPlugin';
import { StatusRows } from './__testUtils__/StatusRows';

const KEY = 'sigstore.dev/signature-status';

jest.setTimeout(60_000);

/** Entities as a person writes them, ingested by a provider. */
function entities(...entries: Record<string, unknown>[]) {
  const written: Entity[] = entries.map(({ name, ...metadata }) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: String(name),
      ...metadata,
      annotations: {
        'backstage.io/managed-by-location': 'url:https://acme.example/a.yaml',
        'backstage.io/managed-by-origin-location':
          'url:https://acme.example/a.yaml',
        ...(metadata.annotations as object),
      },
    },
    spec: { type: 'service', lifecycle: 'production', owner: 'team' },
  }));
  return createBackendModule({
    pluginId: 'catalog',
    moduleId: 'written-entities',
    register(env) {
      env.registerInit({
        deps: { catalog: catalogProcessingExtensionPoint },
        async init({ catalog }) {
          catalog.addEntityProvider({
            getProviderName: () => 'written',
            connect: connection =>
              connection.applyMutation({
                type: 'full',
                entities: written.map(entity => ({ entity })),
              }),
          });
        },
      });
    },
  });
}

describe('the catalog with the module', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'catalog-'));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  async function start(...features: BackendFeature[]) {
    const backend = await startTestBackend({
      features: [
        catalogPlugin,
        catalogModuleSigstore,
        databaseServiceFactory,
        schedulerServiceFactory,
        mockServices.rootConfig.factory({
          data: {
            backend: {
              database: { client: 'better-sqlite3', connection: { directory } },
            },
            // Longer than the test: what changes was asked for.
            catalog: { processingInterval: { hours: 1 } },
            sigstore: { catalog: { pollInterval: { milliseconds: 100 } } },
          },
        }),
        ...features,
      ],
    });
    const names = async (filter: string) => {
      const answer = await request(backend.server)
        .get('/api/catalog/entities/by-query')
        .query({ filter: `kind=component,${filter}` })
        .expect(200);
      return answer.body.items.map((e: Entity) => e.metadata.name).sort();
    };
    const until = async (filter: string, expected: string[]) => {
      let found = await names(filter);
      while (JSON.stringify(found) !== JSON.stringify(expected)) {
        found = await names(filter);
      }
    };
    return { backend, names, until };
  }

  it('can be filtered by status, and follows changes', async () => {
    const rows = new StatusRows();
    rows.set('component:default/checkout', 'expected-signer');
    rows.set('component:default/ledger', 'unexpected-signer');
    const { names, until } = await start(
      statusPlugin(rows),
      entities({ name: 'checkout' }, { name: 'ledger' }, { name: 'docs' }),
    );
    await until(`metadata.annotations.${KEY}=expected-signer`, ['checkout']);
    await until(`metadata.annotations.${KEY}=unexpected-signer`, ['ledger']);

    rows.set('component:default/ledger', 'expected-signer');
    rows.set('component:default/checkout', undefined);
    await until(`metadata.annotations.${KEY}=expected-signer`, ['ledger']);
    await until(`metadata.annotations.${KEY}`, ['ledger']);
    expect(await names('metadata.name')).toHaveLength(3);
  });

  it('finds no status that a person wrote, however it is spelt', async () => {
    const rows = new StatusRows();
    const claim = 'expected-signer';
    rows.set('component:default/forger', 'no-signature');
    rows.set('component:default/honest', claim);
    const { names, until } = await start(
      statusPlugin(rows),
      entities(
        { name: 'honest' },
        { name: 'forger', annotations: { [KEY]: claim } },
        {
          name: 'forger-spelling',
          annotations: { 'sigstore.dev/Signature-Status': claim },
        },
        { name: 'forger-flat', [`annotations.${KEY}`]: claim },
        { name: 'forger-parent', Annotations: { [KEY]: claim } },
        { name: 'forger-list', Annotations: [KEY] },
      ),
    );
    await until('metadata.name', [
      'forger',
      'forger-flat',
      'forger-list',
      'forger-parent',
      'forger-spelling',
      'honest',
    ]);
    await until(`metadata.annotations.${KEY}=no-signature`, ['forger']);
    await until(`metadata.annotations.${KEY}=${claim}`, ['honest']);
    expect(await names(`metadata.annotations.${KEY}`)).toEqual([
      'forger',
      'honest',
    ]);
  });

  it('works the same in a catalog that is told of the annotations', async () => {
    const rows = new StatusRows();
    rows.set('component:default/checkout', 'no-policy');
    const { names, until } = await start(
      statusPlugin(rows),
      provideStaticCatalogModel({ layers: [sigstoreCatalogModelLayer] }),
      entities({
        name: 'checkout',
        annotations: { 'sigstore.dev/images': 'ghcr.io/acme/checkout:1' },
      }),
    );
    await until(`metadata.annotations.${KEY}=no-policy`, ['checkout']);
    expect(await names(`metadata.annotations.sigstore.dev/images`)).toEqual([
      'checkout',
    ]);
  });

  it('keeps statuses over a restart while the sigstore backend is down', async () => {
    const rows = new StatusRows();
    rows.set('component:default/checkout', 'evidence-mismatch');
    const before = await start(
      statusPlugin(rows),
      entities({ name: 'checkout' }),
    );
    await before.until(`metadata.annotations.${KEY}=evidence-mismatch`, [
      'checkout',
    ]);
    await before.backend.stop();

    // The description shows that the entity was processed again.
    const after = await start(
      entities({
        name: 'checkout',
        description: 'after',
        annotations: { [KEY]: 'expected-signer' },
      }),
    );
    await after.until('metadata.description=after', ['checkout']);
    expect(
      await after.names(`metadata.annotations.${KEY}=evidence-mismatch`),
    ).toEqual(['checkout']);
    await after.backend.stop();
  });
});
