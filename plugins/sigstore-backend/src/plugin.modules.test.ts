import { createBackendModule } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { entityReportSchema } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  ModuleEvidenceSource,
  ReferenceSource,
  sigstoreEvidenceSourcesExtensionPoint,
  sigstoreReferenceSourcesExtensionPoint,
} from '@cloudythings/backstage-plugin-sigstore-node';
import { readFileSync } from 'node:fs';
import { Server, createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  WORLD_DIR,
  WorldServer,
  startWorldServer,
  worldConfig,
  worldRecorded,
} from './__testUtils__/demoWorld';
import {
  TestServer,
  asService,
  untilChecked,
} from './__testUtils__/startPlugin';
import { sigstorePlugin } from './plugin';
import { AddedSources } from './sources/AddedSources';

jest.setTimeout(120_000);

const BARE = 'https://bare.acme.example/plan.json';
const stored = (file: string) =>
  readFileSync(join(WORLD_DIR, 'recorded/store/prod/checkout', file));

/** Reads an annotation that only this organization has. */
const deployments: ReferenceSource = {
  id: 'acme-deployments',
  title: 'acme.example/deploys',
  annotations: ['acme.example/deploys'],
  references: ({ metadata }) =>
    (metadata.annotations?.['acme.example/deploys'] ?? '')
      .split(' ')
      .filter(Boolean)
      .map(reference => ({
        kind: reference.startsWith('https:') ? 'terraform-plan' : 'image',
        reference,
      })),
};

const broken: ReferenceSource = {
  id: 'broken',
  title: 'Broken source',
  references: ({ metadata }) => {
    if (metadata.name === 'checkout') throw new Error('cannot read it');
    return [];
  },
};

/** Has the bundle of the plan, and gives it for whatever is asked. */
const signatures: ModuleEvidenceSource = {
  id: 'acme-signatures',
  title: 'Acme signature store',
  covers: ({ type }) => type === 'https',
  find: async () => ({
    documents: [
      {
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        bytes: stored('plan.json.sigstore.json'),
      },
    ],
  }),
};

const silent: ModuleEvidenceSource = {
  id: 'silent',
  title: 'Silent store',
  covers: ({ type }) => type === 'oci',
  find: async () => {
    throw new Error('nobody there');
  },
};

const acmeModule = createBackendModule({
  pluginId: 'sigstore',
  moduleId: 'acme',
  register(env) {
    env.registerInit({
      deps: {
        references: sigstoreReferenceSourcesExtensionPoint,
        evidence: sigstoreEvidenceSourcesExtensionPoint,
      },
      async init({ references, evidence }) {
        references.addSource(deployments);
        references.addSource(broken);
        evidence.addSource(signatures);
        evidence.addSource(silent);
      },
    });
  },
});

function entity(kind: string, name: string, deploys: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, annotations: { 'acme.example/deploys': deploys } },
    spec: { owner: 'team-a' },
  };
}

describe('what a module may add', () => {
  const added = new AddedSources<ModuleEvidenceSource>();
  added.add(silent);

  it.each([
    ['silent', 'Other', 'there already'],
    ['other', 'Silent store', 'there already'],
    ['Not an ID', 'Other', 'an ID that cannot be used'],
    ['other', ' ', 'is empty or longer'],
  ])('is not another source "%s" called "%s"', (id, title, message) => {
    expect(() => added.add({ ...silent, id, title })).toThrow(message);
    expect(added.all()).toEqual([silent]);
  });
});

const describeWorld = worldRecorded ? describe : describe.skip;

describeWorld('the plugin with a module', () => {
  let world: WorldServer;
  let bare: Server;
  let server: TestServer;

  beforeAll(async () => {
    world = await startWorldServer();
    bare = createServer(({ url }, response) =>
      url === '/plan.json'
        ? response.end(stored('plan.json'))
        : response.writeHead(404).end(),
    );
    await new Promise<void>(done => bare.listen(0, '127.0.0.1', done));
    const { port } = bare.address() as AddressInfo;
    const { sigstore } = worldConfig(world);
    sigstore.hosts.push({
      host: 'bare.acme.example',
      endpoint: `http://127.0.0.1:${port}`,
      allowPrivateAddress: true,
    });
    const image = (name: string) => `registry.acme.example/acme/${name}`;
    const entities = [
      entity('Component', 'checkout', `${image('checkout:1.4.2')} ${BARE}`),
      entity('System', 'shop', image('loyalty:0.4.0')),
    ];
    const backend = await startTestBackend({
      features: [
        sigstorePlugin,
        acmeModule,
        catalogServiceMock.factory({ entities }),
        mockServices.rootConfig.factory({ data: { sigstore } }),
      ],
    });
    server = backend.server;
    await untilChecked(server);
  });

  afterAll(async () => {
    bare?.close();
    await world?.stop();
  });

  const artifactsOf = async (path: string) => {
    const { body } = await asService(server, `/entities/${path}`);
    const { artifacts } = entityReportSchema.parse(body);
    return new Map(artifacts.map(item => [item.reference, item]));
  };

  it('reports what its sources tell, with what they are called', async () => {
    const artifacts = await artifactsOf('component/default/checkout');
    const image = artifacts.get('registry.acme.example/acme/checkout:1.4.2');
    expect(image).toMatchObject({
      kind: 'image',
      declaredBy: 'acme.example/deploys',
      // A source that fails does not undo what others found.
      answers: { signatureFound: 'yes', evidenceSound: 'yes' },
    });
    expect(image?.lookups).toContainEqual(
      expect.objectContaining({
        source: 'Silent store',
        outcome: 'unreachable',
        cause: expect.stringContaining('nobody there'),
      }),
    );
  });

  it('verifies evidence that only the module has', async () => {
    const plan = (await artifactsOf('component/default/checkout')).get(BARE);
    expect(plan).toMatchObject({
      answers: { signatureFound: 'yes', evidenceSound: 'yes' },
      signer: {
        identity:
          'https://github.com/acme/checkout/.github/workflows/plan.yml@refs/heads/main',
      },
    });
    expect(plan?.lookups).toContainEqual(
      expect.objectContaining({
        source: 'Acme signature store',
        outcome: 'found',
      }),
    );
  });

  it('says what a source could not read, beside all the rest', async () => {
    const artifacts = await artifactsOf('component/default/checkout');
    expect(artifacts.size).toBe(3);
    expect(
      artifacts.get('what the entity declares by Broken source'),
    ).toMatchObject({
      status: 'could-not-check',
      findings: [{ detail: expect.stringContaining('Error: cannot read it') }],
    });
  });

  it('reads entities of any kind for an annotation, and takes silence for no answer', async () => {
    const artifacts = await artifactsOf('system/default/shop');
    expect(
      artifacts.get('registry.acme.example/acme/loyalty:0.4.0'),
    ).toMatchObject({ status: 'could-not-check' });
  });
});
