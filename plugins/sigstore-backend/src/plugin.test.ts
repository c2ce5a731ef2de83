import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  EntityReport,
  FlowProgress,
} from '@cloudythings/backstage-plugin-sigstore-common';
import request from 'supertest';
import {
  WorldServer,
  startWorldServer,
  worldConfig,
  worldEntities,
  worldExpectations,
  worldRecorded,
} from './__testUtils__/demoWorld';
import { sigstorePlugin } from './plugin';

jest.setTimeout(120_000);

type TestServer = Awaited<ReturnType<typeof startTestBackend>>['server'];

/** Asks for the progress until all that is declared was checked. */
async function untilChecked(server: TestServer): Promise<FlowProgress> {
  for (;;) {
    const { body } = await request(server).get('/api/sigstore/flow');
    const progress: FlowProgress = body;
    if (progress.discoveredAt && progress.due === 0) return progress;
  }
}

const describeWorld = worldRecorded ? describe : describe.skip;

describeWorld('the plugin on the recorded world', () => {
  let world: WorldServer;
  let server: TestServer;

  beforeAll(async () => {
    world = await startWorldServer();
    ({ server } = await startTestBackend({
      features: [
        sigstorePlugin,
        catalogServiceMock.factory({ entities: worldEntities() }),
        mockServices.rootConfig.factory({ data: worldConfig(world) }),
      ],
    }));
    await untilChecked(server);
  });

  afterAll(() => world?.stop());

  const report = async (ref: string): Promise<EntityReport> => {
    const path = ref.replace(':', '/');
    const response = await request(server).get(`/api/sigstore/entities/${path}`);
    expect(response.status).toBe(200);
    return response.body;
  };

  it.each(worldRecorded ? worldExpectations() : [])(
    'gives $status for $reference of $entity',
    async row => {
      const { artifacts } = await report(row.entity);
      const artifact = artifacts.find(item => item.reference === row.reference);
      expect({
        status: artifact?.status,
        finding: artifact?.findings[0]?.code ?? null,
        signer: artifact?.signer?.identity ?? null,
      }).toEqual({
        status: row.status,
        finding: row.finding,
        signer: row.signer,
      });
    },
  );
});
