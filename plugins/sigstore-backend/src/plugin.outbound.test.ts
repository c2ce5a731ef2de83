import {
  TestBackend,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  entityReportSchema,
  endpoints,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import request from 'supertest';
import {
  CountingProxy,
  startCountingProxy,
} from './__testUtils__/countingProxy';
import { openEmptyDatabase } from './__testUtils__/databases';
import {
  WorldServer,
  startWorldServer,
  worldConfig,
  worldEntities,
  worldRecorded,
} from './__testUtils__/demoWorld';
import { asService, asUser, untilChecked } from './__testUtils__/startPlugin';
import { sigstorePlugin } from './plugin';

jest.setTimeout(120_000);

const describeWorld = worldRecorded ? describe : describe.skip;

describeWorld('the endpoints, between their caller and the world', () => {
  let world: WorldServer;
  let proxy: CountingProxy;
  let knex: Knex;

  beforeAll(async () => {
    world = await startWorldServer();
    proxy = await startCountingProxy(world.url);
    knex = await openEmptyDatabase('SQLITE_3');
  });

  afterAll(async () => {
    await proxy?.stop();
    await world?.stop();
  });

  const start = (flow: { enabled: boolean }): Promise<TestBackend> => {
    const { sigstore } = worldConfig({ ...world, url: proxy.url });
    const data = { sigstore: { ...sigstore, flow } };
    return startTestBackend({
      features: [
        sigstorePlugin,
        catalogServiceMock.factory({ entities: worldEntities() }),
        mockServices.rootConfig.factory({ data }),
        mockServices.database.factory({ knex }),
      ],
    });
  };

  it('cause no outbound request, whichever is called', async () => {
    const indexing = await start({ enabled: true });
    await untilChecked(indexing.server);
    await indexing.stop();
    const asked = proxy.requests();
    expect(asked).toBeGreaterThan(0);

    const answering = await start({ enabled: false });
    const { server } = answering;
    const entity = '/entities/component/default/checkout';
    const report = entityReportSchema.parse(
      (await asUser(server, entity)).body,
    );
    const { id, digest } = report.artifacts.find(item =>
      item.reference.includes('plan.json'),
    )!;
    const artifact = `${entity}/artifacts/${id}`;
    const detail = endpoints.artifactDetail.response.parse(
      (await asUser(server, artifact)).body,
    );
    const evidence = `/evidence/${detail.decidingEvidence}`;
    const signers = endpoints.signers.response.parse(
      (await asUser(server, '/signers')).body,
    );
    const post = (path: string) => request(server).post(`/api/sigstore${path}`);

    // Every endpoint by its name: a new one does not compile without its call.
    const calls: Record<keyof typeof endpoints, () => request.Test> = {
      entityReport: () => asUser(server, entity),
      entityStatuses: () =>
        post('/entities/statuses').send({
          entityRefs: ['component:default/checkout'],
        }),
      checkEntity: () => post(`${entity}/check`),
      artifactDetail: () => asUser(server, artifact),
      artifactByDigest: () => asUser(server, `/artifacts/${digest}`),
      evidence: () => asUser(server, evidence),
      evidenceBundle: () => asUser(server, `${evidence}/bundle`),
      signers: () => asUser(server, '/signers'),
      signer: () => asUser(server, `/signers/${signers.items[0].id}`),
      logEntries: () => asUser(server, `/log-entries?digest=${digest}`),
      statusChanges: () => asService(server, '/status-changes'),
      policyPreview: () =>
        post('/policy/preview').send({ files: [{ path: 'a.yaml', text: '' }] }),
      flow: () => asUser(server, '/flow'),
    };
    const answered: Record<string, number> = {};
    for (const [name, call] of Object.entries(calls)) {
      answered[name] = (await call()).status;
    }
    // Whatever a request left running ends with the backend.
    await answering.stop();
    expect(answered).toEqual({
      ...Object.fromEntries(Object.keys(endpoints).map(name => [name, 200])),
      checkEntity: 202,
    });
    expect(proxy.requests() - asked).toBe(0);
  });
});
