import { mockCredentials } from '@backstage/backend-test-utils';
import {
  ArtifactReport,
  EntityReport,
  artifactDetailSchema,
  endpoints,
  entityReportSchema,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { createHash } from 'node:crypto';
import request from 'supertest';
import {
  WorldServer,
  startWorldServer,
  worldExpectations,
  worldRecorded,
} from './__testUtils__/demoWorld';
import {
  TestServer,
  asService,
  asUser,
  startPlugin,
  untilChecked,
} from './__testUtils__/startPlugin';

jest.setTimeout(120_000);

const describeWorld = worldRecorded ? describe : describe.skip;

describeWorld('the plugin on the recorded world', () => {
  let world: WorldServer;
  let server: TestServer;

  beforeAll(async () => {
    world = await startWorldServer();
    server = await startPlugin(world);
  });

  afterAll(() => world?.stop());

  const get = async (path: string) => {
    const response = await asUser(server, path);
    expect({ status: response.status, body: response.body }).toMatchObject({
      status: 200,
    });
    return response.body;
  };

  const report = async (ref: string): Promise<EntityReport> =>
    entityReportSchema.parse(await get(`/entities/${ref.replace(':', '/')}`));

  const artifactOf = async (ref: string, text: string) => {
    const { artifacts } = await report(ref);
    return artifacts.find(item =>
      item.reference.includes(text),
    ) as ArtifactReport;
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

  it('reports an entity with what it depends on, which does not count', async () => {
    const checkout = await report('component:default/checkout');
    expect(checkout).toMatchObject({
      status: 'unexpected-signer',
      mode: 'enforce',
      counts: { 'expected-signer': 2, 'unexpected-signer': 1 },
      total: 3,
    });
    expect(checkout.artifacts[0].status).toBe('unexpected-signer');
    expect(
      checkout.dependencies.map(dependency => dependency.entityRef),
    ).toEqual([
      'resource:default/admission-baseline',
      'resource:default/dns-zone',
      'resource:default/egress-baseline',
      'resource:default/network',
    ]);
    const network = checkout.dependencies[3];
    expect(network.owner).toBe('group:default/team-platform');
    expect(network.artifacts).toMatchObject([
      { kind: 'terraform-module', required: false, status: 'expected-signer' },
    ]);
  });

  it('tells entities with nothing declared from unknown ones', async () => {
    expect(await report('component:default/handbook')).toMatchObject({
      status: 'not-covered',
      knownSince: expect.any(String),
    });
    const group = await report('group:default/acme');
    expect(group.status).toBe('not-covered');
    expect(group.knownSince).toBeUndefined();
    const missing = await asUser(server, '/entities/component/default/nobody');
    expect(missing.status).toBe(404);
  });

  it('gives statuses of many entities at once', async () => {
    const { path, response } = endpoints.entityStatuses;
    const answer = await request(server)
      .post(`/api/sigstore${path}`)
      .send({
        entityRefs: [
          'component:default/checkout',
          'Resource:network',
          'component:default/nobody',
        ],
      });
    expect(
      response
        .parse(answer.body)
        .items.map(({ entityRef, status }) => [entityRef, status]),
    ).toEqual([
      ['component:default/checkout', 'unexpected-signer'],
      ['resource:default/network', 'expected-signer'],
    ]);
  });

  it('gives everything about one artifact, the deciding evidence first', async () => {
    const { id } = await artifactOf('component:default/payments-api', '2.7.0');
    const detail = artifactDetailSchema.parse(
      await get(`/entities/component/default/payments-api/artifacts/${id}`),
    );
    expect(detail.owner).toBe('group:default/team-payments');
    expect(detail.evidence.length).toBeGreaterThan(1);
    expect(detail.evidence[0].digest).toBe(detail.decidingEvidence);
    expect(detail.evidence[0].sightings).toEqual([
      expect.objectContaining({ source: 'registry.acme.example referrers' }),
    ]);
    const roots = detail.evidence[0].verifications.map(
      verification => verification.trustedRoot,
    );
    expect(roots.sort()).toEqual(['acme', 'acme-timestamped']);
    expect(detail.history).toHaveLength(1);
    expect(detail.commands[0].command).toContain('cosign verify');
    expect(detail.commands[0].command).toContain(detail.digest);
    // The name of the file only, not where the backend keeps it.
    expect(detail.commands[0].command).toContain(
      "--trusted-root='trusted_root.json'",
    );
  });

  it('finds an artifact by its digest wherever it is declared', async () => {
    const { digest } = await artifactOf(
      'component:default/checkout-worker',
      'checkout-worker',
    );
    const { reports } = endpoints.artifactByDigest.response.parse(
      await get(`/artifacts/${digest}`),
    );
    expect(reports.map(item => item.entityRef).sort()).toEqual([
      'component:default/checkout',
      'component:default/checkout-worker',
    ]);
    const none = `sha256:${'0'.repeat(64)}`;
    expect((await asUser(server, `/artifacts/${none}`)).status).toBe(404);
    expect((await asUser(server, '/artifacts/junk')).status).toBe(404);
  });

  it('gives evidence, and its bytes as a download', async () => {
    const { id } = await artifactOf('component:default/checkout', 'plan.json');
    const detail = await get(
      `/entities/component/default/checkout/artifacts/${id}`,
    );
    const digest: string = detail.decidingEvidence;
    const evidence = endpoints.evidence.response.parse(
      await get(`/evidence/${digest}`),
    );
    expect(evidence.sightings[0].source).toContain('plans.acme.example');
    const bundle = await asUser(server, `/evidence/${digest}/bundle`)
      .buffer()
      .parse((res, done) => {
        const chunks: Buffer[] = [];
        res.on('data', chunk => chunks.push(chunk));
        res.on('end', () => done(null, Buffer.concat(chunks)));
      });
    expect(bundle.headers['content-disposition']).toBe(
      `attachment; filename="${digest.replace(':', '-')}.sigstore.json"`,
    );
    expect(bundle.headers['content-type']).toContain('application/json');
    const hash = createHash('sha256').update(bundle.body).digest('hex');
    expect(`sha256:${hash}`).toBe(digest);
    expect(bundle.body.length).toBe(evidence.size);
  });

  it('indexes signers, what each signed, and where it is recorded', async () => {
    const { items } = endpoints.signers.response.parse(
      await get('/signers?issuer=https://accounts.google.com'),
    );
    expect(items.map(item => [item.identity, item.trustedRoot])).toEqual(
      expect.arrayContaining([['jane@acme.example', 'acme']]),
    );
    const jane = items.find(item => item.trustedRoot === 'acme')!;
    const signer = endpoints.signer.response.parse(
      await get(`/signers/${jane.id}`),
    );
    expect(signer.artifacts).toBe(1);
    expect(signer.signed[0].references.map(item => item.entityRef)).toEqual([
      'component:default/checkout',
      'component:default/checkout-worker',
    ]);
    const { digest, logEntries } = signer.signed[0];
    const byDigest = endpoints.logEntries.response.parse(
      await get(`/log-entries?digest=${digest}`),
    );
    const byIdentity = endpoints.logEntries.response.parse(
      await get('/log-entries?identity=jane@acme.example'),
    );
    expect(byDigest.items).toContainEqual(
      expect.objectContaining({
        logIndex: logEntries[0].logIndex,
        digest,
        signer: expect.objectContaining({ id: jane.id }),
      }),
    );
    expect(byIdentity).toEqual(byDigest);
    expect((await asUser(server, '/signers/none')).status).toBe(404);
  });

  it('tells services which statuses changed, page by page', async () => {
    const { path, response } = endpoints.statusChanges;
    const seen = new Map<string, string | undefined>();
    let cursor = '';
    let more = true;
    while (more) {
      const query = cursor ? `&cursor=${cursor}` : '';
      const answer = await asService(server, `${path}?limit=4${query}`);
      const page = response.parse(answer.body);
      page.items.forEach(item => seen.set(item.entityRef, item.status));
      ({ cursor, more } = page);
    }
    expect(seen.get('component:default/checkout')).toBe('unexpected-signer');
    expect(seen.get('component:default/handbook')).toBe('not-covered');
    const user = await asUser(server, path);
    expect(user.status).toBe(403);
  });

  it('refuses requests that it cannot read', async () => {
    const paths = [
      '/signers?limit=0',
      '/signers?limit=9999',
      '/signers?colour=red',
      '/log-entries?digest=a&digest=b',
      '/signers?identity=%00',
      '/entities/component/default/%00',
    ];
    for (const path of paths) {
      expect([path, (await asUser(server, path)).status]).toEqual([path, 400]);
    }
    const cursor = await asService(server, '/status-changes?cursor=-1');
    expect(cursor.status).toBe(400);
    const many = await request(server)
      .post('/api/sigstore/entities/statuses')
      .send({ entityRefs: Array(1001).fill('component:default/a') });
    expect(many.status).toBe(400);
    const noRef = await request(server)
      .post('/api/sigstore/entities/statuses')
      .send({ entityRefs: ['not a ref'] });
    expect(noRef.status).toBe(400);
  });

  it('lets nobody in who is not signed in', async () => {
    const answer = await request(server)
      .get('/api/sigstore/flow')
      .set('authorization', mockCredentials.none.header());
    expect(answer.status).toBe(401);
  });

  it('marks as due when asked for a check, and answers pages from what is stored', async () => {
    const before = await report('component:default/storefront');
    const check = await request(server).post(
      '/api/sigstore/entities/component/default/storefront/check',
    );
    expect(check.status).toBe(202);
    expect(check.body).toEqual({ references: 1 });
    await untilChecked(server);
    const after = await report('component:default/storefront');
    expect(after.checkedAt! > before.checkedAt!).toBe(true);
    expect(after.decidedAt).toBe(before.decidedAt);

    await world.stop();
    expect(await report('component:default/storefront')).toEqual(after);
    world = await startWorldServer();
  });
});
