import {
  ArtifactDetail,
  EntityReport,
  PolicyPreview,
  SignerSummary,
  sigstorePermissions,
} from '@cloudythings/backstage-plugin-sigstore-common';
import request from 'supertest';
import {
  WorldServer,
  startWorldServer,
  worldRecorded,
} from '../__testUtils__/demoWorld';
import {
  TestServer,
  asService,
  asUser,
  startPlugin,
} from '../__testUtils__/startPlugin';

jest.setTimeout(120_000);

const describeWorld = worldRecorded ? describe : describe.skip;

const CHECKOUT = '/entities/component/default/checkout';
const HIDDEN = '/entities/component/default/checkout-worker';

describeWorld('what callers may see', () => {
  let world: WorldServer;

  beforeAll(async () => {
    world = await startWorldServer();
  });

  afterAll(() => world?.stop());

  const read = async <T>(call: PromiseLike<{ status: number; body: T }>) => {
    const { status, body } = await call;
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  };

  /** The artifact of an entity whose reference holds a text, as a service sees it. */
  const detailOf = async (server: TestServer, path: string, text: string) => {
    const report: EntityReport = await read(asService(server, path));
    const { id } = report.artifacts.find(item =>
      item.reference.includes(text),
    )!;
    const detailPath = `${path}/artifacts/${id}`;
    const detail: ArtifactDetail = await read(asService(server, detailPath));
    return { detail, detailPath };
  };

  const post = (server: TestServer, path: string, body: object = {}) =>
    request(server).post(`/api/sigstore${path}`).send(body);

  it('needs the permission of each endpoint', async () => {
    const server = await startPlugin(world, {
      users: { denied: sigstorePermissions.map(({ name }) => name) },
    });
    const { detail, detailPath } = await detailOf(server, CHECKOUT, 'plan');
    const paths = [
      CHECKOUT,
      detailPath,
      `/artifacts/${detail.digest}`,
      `/evidence/${detail.decidingEvidence}`,
      `/evidence/${detail.decidingEvidence}/bundle`,
      '/signers',
      '/signers/any',
      '/log-entries',
      '/status-changes',
      '/flow',
    ];
    const answers = await Promise.all(paths.map(path => asUser(server, path)));
    const posts = await Promise.all([
      post(server, '/entities/statuses', { entityRefs: [] }),
      post(server, `${CHECKOUT}/check`),
      post(server, '/policy/preview', { files: [{ path: 'a', text: '' }] }),
    ]);
    expect([...answers, ...posts].map(({ status }) => status)).toEqual(
      Array(13).fill(403),
    );
  });

  it('keeps raw evidence from those who may read statuses only', async () => {
    const server = await startPlugin(world, {
      users: { denied: ['sigstore.evidence.read'] },
    });
    const { detail, detailPath } = await detailOf(server, CHECKOUT, 'plan');
    expect(detail.evidence).not.toEqual([]);
    const seen: ArtifactDetail = await read(asUser(server, detailPath));
    expect(seen).toMatchObject({ status: 'expected-signer', evidence: [] });
  });

  describe('when the catalog shows a user one service', () => {
    let server: TestServer;
    let hidden: { detail: ArtifactDetail; detailPath: string };

    beforeAll(async () => {
      server = await startPlugin(world, {
        users: {
          catalog: ref =>
            ref === 'component:default/checkout' ||
            ref === 'resource:default/network',
        },
      });
      hidden = await detailOf(
        server,
        '/entities/component/default/payments-api',
        'payments-api',
      );
    });

    it('shows that service, and of its dependencies the visible one', async () => {
      const report: EntityReport = await read(asUser(server, CHECKOUT));
      expect(report.total).toBe(3);
      expect(report.dependencies.map(({ entityRef }) => entityRef)).toEqual([
        'resource:default/network',
      ]);
    });

    it('answers for hidden things as for things that do not exist', async () => {
      const { detail, detailPath } = hidden;
      const nothing = `sha256:${'0'.repeat(64)}`;
      const pairs = [
        [HIDDEN, '/entities/component/default/checkout-nobody'],
        [detailPath, detailPath.replace('payments-api', 'payments-none')],
        [`/artifacts/${detail.digest}`, `/artifacts/${nothing}`],
        [`/evidence/${detail.decidingEvidence}`, `/evidence/${nothing}`],
        [
          `/evidence/${detail.decidingEvidence}/bundle`,
          `/evidence/${nothing}/bundle`,
        ],
      ];
      for (const [present, absent] of pairs) {
        const [one, other] = [
          await asUser(server, present),
          await asUser(server, absent),
        ];
        expect(one.status).toBe(404);
        expect(other.status).toBe(404);
        const withoutName = (text: string) =>
          text
            .replace(/sha256:[0-9a-f]{64}/, 'NAME')
            .replace(/component:default\/\S+/, 'NAME');
        expect(withoutName(one.body.error.message)).toBe(
          withoutName(other.body.error.message),
        );
      }
      expect((await post(server, `${HIDDEN}/check`)).status).toBe(404);
    });

    it('previews policies over visible entities only', async () => {
      const files = [{ path: 'none.yaml', text: '' }];
      const said: PolicyPreview = await read(
        post(server, '/policy/preview', { files }),
      );
      expect(said.judged).toBe(4);
      const changed = said.changes.map(({ entityRef }) => entityRef);
      expect(new Set(changed)).toEqual(new Set(['component:default/checkout']));
      expect(said.changed).toBe(changed.length);
    });

    it('leaves hidden entities out of lists and counts', async () => {
      const statuses = await post(server, '/entities/statuses', {
        entityRefs: ['component:default/checkout', 'component:default/search'],
      });
      expect(statuses.body.items).toHaveLength(1);

      const { items: all } = await read<{ items: SignerSummary[] }>(
        asService(server, '/signers'),
      );
      const { items: seen } = await read<{ items: SignerSummary[] }>(
        asUser(server, '/signers'),
      );
      expect(all.length).toBeGreaterThan(seen.length);
      expect(seen.map(({ identity }) => identity)).not.toContainEqual(
        expect.stringContaining('payments-api'),
      );
      const stranger = all.find(item =>
        item.identity.includes('payments-api'),
      )!;
      expect((await asUser(server, `/signers/${stranger.id}`)).status).toBe(
        404,
      );

      const jane = seen.find(item => item.identity === 'jane@acme.example')!;
      const signer = (await asUser(server, `/signers/${jane.id}`)).body;
      const references = signer.signed.flatMap((item: any) => item.references);
      expect(references.map((item: any) => item.entityRef)).toEqual([
        'component:default/checkout',
      ]);

      const path = `/log-entries?digest=${hidden.detail.digest}`;
      expect((await asService(server, path)).body.items).not.toEqual([]);
      expect((await asUser(server, path)).body.items).toEqual([]);
    });
  });

  it('shows nothing to users whom the catalog shows nothing', async () => {
    const server = await startPlugin(world, { users: { catalog: 'nothing' } });
    expect((await asUser(server, CHECKOUT)).status).toBe(404);
    expect((await asUser(server, '/signers')).body).toEqual({ items: [] });
    expect((await asUser(server, '/log-entries')).body).toEqual({ items: [] });
    const statuses = await post(server, '/entities/statuses', {
      entityRefs: ['component:default/checkout'],
    });
    expect(statuses.body).toEqual({ items: [] });
  });
});
