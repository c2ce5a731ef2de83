import { createBackendModule } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  ArtifactReport,
  EntityReport,
  entityReportSchema,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  RunningArtifactsSource,
  sigstoreRunningArtifactsExtensionPoint,
} from '@cloudythings/backstage-plugin-sigstore-node';
import {
  WorldServer,
  startWorldServer,
  worldConfig,
  worldRecorded,
} from './__testUtils__/demoWorld';
import { TestServer, asService } from './__testUtils__/startPlugin';
import { sigstorePlugin } from './plugin';

jest.setTimeout(120_000);

const IMAGE = 'registry.acme.example/acme/checkout';

/** Sees what an annotation says, and nothing in the cluster "away". */
const nomad: RunningArtifactsSource = {
  id: 'acme-nomad',
  title: 'Nomad',
  annotations: ['acme.example/job'],
  questions: ({ metadata }) => [metadata.annotations!['acme.example/job']],
  observe: async questions =>
    questions.flatMap(question => [
      {
        question,
        place: 'region eu',
        outcome: 'complete' as const,
        artifacts: [{ kind: 'image' as const, reference: question }],
      },
      {
        question,
        place: 'region away',
        outcome: 'unreachable' as const,
        cause: 'nobody there',
        artifacts: [],
      },
    ]),
};

const nomadModule = createBackendModule({
  pluginId: 'sigstore',
  moduleId: 'acme',
  register(env) {
    env.registerInit({
      deps: { running: sigstoreRunningArtifactsExtensionPoint },
      async init({ running }) {
        running.addSource(nomad);
      },
    });
  },
});

const entity = (runs: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'checkout',
    annotations: {
      'sigstore.dev/images': `${IMAGE}:1.4.2`,
      'acme.example/job': runs,
    },
  },
  spec: { owner: 'team-a' },
});

const describeWorld = worldRecorded ? describe : describe.skip;

describeWorld('the plugin with an observer of what runs', () => {
  let world: WorldServer;

  beforeAll(async () => {
    world = await startWorldServer();
  });

  afterAll(async () => {
    await world?.stop();
  });

  async function reportOf(server: TestServer): Promise<EntityReport> {
    const path = '/entities/component/default/checkout';
    const { body } = await asService(server, path);
    return entityReportSchema.parse(body);
  }

  /** Reads the report until what is wanted was seen and checked. */
  async function untilSeen(
    server: TestServer,
    isSeen: (artifact: ArtifactReport) => boolean,
  ): Promise<EntityReport> {
    for (;;) {
      const report = await reportOf(server);
      const { artifacts } = report;
      const isChecked = artifacts.every(({ status }) => status !== 'pending');
      if (artifacts.some(isSeen) && isChecked) return report;
    }
  }

  async function start(runs: string): Promise<TestServer> {
    const { sigstore } = worldConfig(world);
    const { server } = await startTestBackend({
      features: [
        sigstorePlugin,
        nomadModule,
        catalogServiceMock.factory({ entities: [entity(runs)] }),
        mockServices.rootConfig.factory({ data: { sigstore } }),
      ],
    });
    return server;
  }

  it('checks what runs beside what is declared, and counts both and the silence', async () => {
    const declared = await untilSeen(
      await start('registry.acme.example/acme/notifier:1.1.0'),
      ({ running, declared: isDeclared }) => running && !isDeclared,
    );
    const byReference = new Map(
      declared.artifacts.map(item => [item.reference, item]),
    );
    expect([...byReference.keys()].sort()).toEqual([
      `${IMAGE}:1.4.2`,
      'registry.acme.example/acme/notifier:1.1.0',
      'what runs in Nomad region away',
    ]);
    expect(declared.total).toBe(3);
    const runs = byReference.get('registry.acme.example/acme/notifier:1.1.0')!;
    expect(runs).toMatchObject({
      declared: false,
      required: true,
      answers: { signatureFound: 'yes' },
      observations: [{ observer: 'Nomad', place: 'region eu' }],
    });
    expect(byReference.get('what runs in Nomad region away')).toMatchObject({
      status: 'could-not-check',
      findings: [{ code: 'running-unknown', detail: 'nobody there' }],
      lookups: [
        {
          source: 'Nomad region away',
          outcome: 'unreachable',
          cause: 'nobody there',
        },
      ],
    });
  });
});
