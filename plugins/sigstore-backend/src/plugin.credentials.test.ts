import {
  TestBackend,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  ArtifactReport,
  entityReportSchema,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import { IncomingMessage, Server, createServer, request } from 'node:http';
import { AddressInfo } from 'node:net';
import { databaseIds, openEmptyDatabase } from './__testUtils__/databases';
import {
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
import { readUsages } from './store/usages';

jest.setTimeout(120_000);

const HOST = 'registry.acme.example';
const CHECKOUT = `${HOST}/acme/checkout:1.4.2`;
const PASSWORD = 'correct-horse';
const BASIC = `Basic ${Buffer.from(`robot:${PASSWORD}`).toString('base64')}`;

/** The registry of the world, for those who have the password. */
async function startPrivateRegistry(world: WorldServer) {
  const asked: { url: string; authorization?: string }[] = [];
  const server: Server = createServer(({ url, headers }, response) => {
    const { authorization } = headers;
    asked.push({ url: url!, ...(authorization ? { authorization } : {}) });
    if (authorization !== BASIC) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="acme"' });
      response.end();
      return;
    }
    const { accept = '*/*' } = headers;
    request(
      world.url + url,
      { headers: { accept } },
      (answer: IncomingMessage) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      },
    ).end();
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    url: `http://127.0.0.1:${port}`,
    stop: () => new Promise(done => server.close(done)),
  };
}

function component(name: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, annotations: { 'sigstore.dev/images': CHECKOUT } },
    spec: { owner: 'team-a' },
  };
}

const describeWorld = worldRecorded ? describe : describe.skip;

describeWorld.each(databaseIds)('credentials of a registry on %s', id => {
  let world: WorldServer;
  let registry: Awaited<ReturnType<typeof startPrivateRegistry>>;
  let knex: Knex;

  beforeAll(async () => {
    world = await startWorldServer();
    registry = await startPrivateRegistry(world);
    knex = await openEmptyDatabase(id);
  });

  afterAll(async () => {
    await registry?.stop();
    await world?.stop();
  });

  const start = async (
    entity: string,
    secret: object = { username: 'robot', password: PASSWORD },
  ): Promise<TestBackend> => {
    // Has this run, and none before it, say that the catalog was read.
    if (await knex.schema.hasTable('lookups')) {
      await knex('lookups').where({ subject: 'catalog' }).delete();
    }
    const { sigstore } = worldConfig(world);
    const hosts = [
      { host: HOST, endpoint: registry.url, allowPrivateAddress: true },
    ];
    const credentials = [
      {
        name: 'acme',
        host: HOST,
        ...secret,
        for: [{ entity, references: [`${HOST}/acme/*`] }],
      },
    ];
    const data = { sigstore: { ...sigstore, hosts, credentials } };
    const entities = [component('checkout'), component('stranger')];
    const backend = await startTestBackend({
      features: [
        sigstorePlugin,
        catalogServiceMock.factory({ entities }),
        mockServices.rootConfig.factory({ data }),
        mockServices.database.factory({ knex }),
      ],
    });
    await untilChecked(backend.server);
    return backend;
  };

  const artifactOf = async (
    server: TestServer,
    name: string,
  ): Promise<ArtifactReport> => {
    const path = `/entities/component/default/${name}`;
    const { body } = await asService(server, path);
    return entityReportSchema.parse(body).artifacts[0];
  };

  it('serve the entity they are for, and nobody who names the same', async () => {
    const backend = await start('component:default/checkout');
    const own = await artifactOf(backend.server, 'checkout');
    expect(own).toMatchObject({
      answers: { signatureFound: 'yes', evidenceSound: 'yes' },
      digest: expect.stringMatching(/^sha256:/),
    });
    const other = await artifactOf(backend.server, 'stranger');
    expect(other).toMatchObject({
      status: 'could-not-check',
      findings: [{ code: 'source-refused' }],
    });
    expect(other.lookups).toMatchObject([{ outcome: 'refused' }]);
    expect(JSON.stringify(other)).not.toContain(own.digest!);

    const [{ evidence_digest: evidence }] = await knex('sightings');
    const seenBy = await readUsages(knex, evidence);
    expect(seenBy.map(({ entityRef }) => entityRef)).toEqual([
      'component:default/checkout',
    ]);

    await backend.stop();
  });

  it('stand nowhere in the database', async () => {
    const tables = [
      ...['artifact_references', 'declarations', 'entity_statuses', 'lookups'],
      ...['trust_generations', 'verdicts'],
    ];
    const rows = await Promise.all(tables.map(name => knex(name)));
    expect(rows.flat().length).toBeGreaterThan(10);
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
    expect(JSON.stringify(rows)).not.toContain(BASIC.slice('Basic '.length));
  });

  it('that were taken away show nothing any more', async () => {
    const backend = await start('component:default/stranger');
    expect(await artifactOf(backend.server, 'checkout')).toMatchObject({
      status: 'could-not-check',
      findings: [{ code: 'source-refused' }],
    });
    expect(await artifactOf(backend.server, 'stranger')).toMatchObject({
      answers: { signatureFound: 'yes', evidenceSound: 'yes' },
    });
    await backend.stop();
  });

  it('that cannot be got are no reason to ask without them', async () => {
    const before = registry.asked.length;
    const backend = await start('component:default/stranger', {
      dockerConfig: '/nowhere/config.json',
    });
    await knex('artifact_references').update({ next_check_at: new Date(0) });
    let asked: ArtifactReport;
    do {
      asked = await artifactOf(backend.server, 'stranger');
    } while (asked.status !== 'could-not-check');
    const cause = expect.stringContaining('/nowhere/config.json cannot be');
    expect(asked).toMatchObject({
      status: 'could-not-check',
      findings: [{ code: 'source-unreachable', detail: cause }],
      lookups: [
        { source: 'credentials "acme"', outcome: 'unreachable', cause },
      ],
      lastKnown: { status: expect.any(String) },
    });
    // The other entity has none to begin with.
    const requests = registry.asked.slice(before);
    expect(requests.filter(one => one.authorization)).toEqual([]);
    await backend.stop();
  });
});
