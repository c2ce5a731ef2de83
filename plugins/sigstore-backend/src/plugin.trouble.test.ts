import { mockCredentials } from '@backstage/backend-test-utils';
import {
  ArtifactReport,
  entityReportSchema,
} from '@cloudythings/backstage-plugin-sigstore-common';
import request from 'supertest';
import {
  CountingProxy,
  startCountingProxy,
} from './__testUtils__/countingProxy';
import {
  WorldServer,
  startWorldServer,
  worldRecorded,
} from './__testUtils__/demoWorld';
import {
  TestServer,
  asUser,
  startPlugin,
  untilChecked,
} from './__testUtils__/startPlugin';

jest.setTimeout(120_000);

const ENTITY = '/entities/component/default/checkout';
const IMAGE = 'registry.acme.example/acme/checkout:';
const describeWorld = worldRecorded ? describe : describe.skip;

/** What a registry in trouble comes to on the page of an entity. */
describeWorld('a registry in trouble', () => {
  let world: WorldServer;
  let proxy: CountingProxy;
  let server: TestServer;

  beforeAll(async () => {
    world = await startWorldServer();
    proxy = await startCountingProxy(world.url);
    server = await startPlugin({ ...world, url: proxy.url });
  });
  afterAll(async () => {
    await proxy?.stop();
    await world?.stop();
  });

  async function image(): Promise<ArtifactReport> {
    const { body } = await asUser(server, ENTITY);
    const { artifacts } = entityReportSchema.parse(body);
    return artifacts.find(({ reference }) => reference.startsWith(IMAGE))!;
  }

  async function checkAgain(): Promise<ArtifactReport> {
    await request(server)
      .post(`/api/sigstore${ENTITY}/check`)
      .set('authorization', mockCredentials.user.header())
      .expect(202);
    await untilChecked(server);
    return image();
  }

  const minutesUntil = (report: ArtifactReport) =>
    (Date.parse(report.nextCheckAt!) - Date.parse(report.checkedAt!)) / 60_000;

  // The last one is left alone for ten minutes.
  it.each([
    ['a web page', 200, 'not a manifest', 4],
    ['no server', 503, 'status 503', 4],
    ['a refusal', 403, 'status 403', 4],
    ['too many requests', 429, 'too many requests', 9.9],
  ])(
    'that answers with %s: could not check, with the cause, the next try and what was known',
    async (_, status, cause, minutes) => {
      proxy.trouble = undefined;
      const known = await checkAgain();
      expect(known.status).toBe('expected-signer');

      proxy.trouble = (__, response) => {
        response.writeHead(status, {
          'content-type': 'text/html',
          ...(status === 429 ? { 'retry-after': '600' } : {}),
        });
        response.end('<!doctype html><title>Sorry</title>');
      };
      const report = await checkAgain();
      expect(report).toMatchObject({
        status: 'could-not-check',
        lastKnown: { status: 'expected-signer' },
      });
      expect(JSON.stringify(report.lookups)).toContain(cause);
      expect(minutesUntil(report)).toBeGreaterThanOrEqual(minutes);
      expect(minutesUntil(report)).toBeLessThan(minutes + 2);
    },
  );
});
