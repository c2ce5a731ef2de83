import { parseEntityRef } from '@backstage/catalog-model';
import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { SigstoreClient } from './SigstoreClient';

type Answer = { status?: number; body: unknown };

describe('SigstoreClient', () => {
  let server: Server;
  let client: SigstoreClient;
  let answer: Answer;
  let asked: {
    line: string;
    body: string;
    headers: IncomingMessage['headers'];
  };

  beforeAll(async () => {
    server = createServer(async (req, res) => {
      let body = '';
      for await (const chunk of req) body += chunk;
      asked = { line: `${req.method} ${req.url}`, body, headers: req.headers };
      res.writeHead(answer.status ?? 200, {
        'content-type': 'application/json',
      });
      res.end(JSON.stringify(answer.body));
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    client = new SigstoreClient({
      discoveryApi: {
        getBaseUrl: async id => `http://127.0.0.1:${port}/api/${id}`,
      },
      fetchApi: { fetch },
    });
  });

  afterAll(() => new Promise(done => server.close(done)));

  const summary = {
    entityRef: 'component:default/checkout',
    status: 'expected-signer',
    counts: { 'expected-signer': 1 },
    total: 1,
  };

  it('asks for an entity by its parts, in lower case', async () => {
    answer = { body: { ...summary, artifacts: [], dependencies: [] } };
    const report = await client.getEntityReport('Component:Default/Checkout');
    expect(asked.line).toBe(
      'GET /api/sigstore/entities/component/default/checkout',
    );
    expect(report.status).toBe('expected-signer');
  });

  it('reads references of entities as the catalog does', async () => {
    answer = { body: { ...summary, artifacts: [], dependencies: [] } };
    await client.getEntityReport('component:checkout');
    expect(asked.line).toBe(
      'GET /api/sigstore/entities/component/default/checkout',
    );
  });

  it.each(['checkout', 'default/checkout', ':a/b', 'a:/b', 'a:'])(
    'refuses %s for a reference, as the catalog does',
    ref => {
      expect(() => parseEntityRef(ref)).toThrow();
      expect(() => client.getEntityReport(ref)).toThrow(TypeError);
    },
  );

  it('keeps what callers pass inside its part of the address', async () => {
    answer = { body: { digest: 'x', reports: [] } };
    await client.getArtifactByDigest('../signers?limit=1#');
    expect(asked.line).toBe(
      'GET /api/sigstore/artifacts/..%2Fsigners%3Flimit%3D1%23',
    );
  });

  it('sends a list in the body and the token in the header', async () => {
    answer = { body: { items: [summary] } };
    const items = await client.getEntityStatuses(['component:default/a'], {
      token: 'secret',
    });
    expect(asked.line).toBe('POST /api/sigstore/entities/statuses');
    expect(JSON.parse(asked.body)).toEqual({
      entityRefs: ['component:default/a'],
    });
    expect(asked.headers.authorization).toBe('Bearer secret');
    expect(items).toEqual([summary]);
  });

  it('writes only the parts of a query that are there', async () => {
    answer = { body: { items: [], cursor: '7', more: false } };
    await client.getStatusChanges({ cursor: '7', limit: undefined });
    expect(asked.line).toBe('GET /api/sigstore/status-changes?cursor=7');
    expect(asked.headers.authorization).toBeUndefined();
  });

  it('throws what the backend said when it refuses', async () => {
    answer = {
      status: 404,
      body: { error: { name: 'NotFoundError', message: 'no such entity' } },
    };
    await expect(
      client.getEntityReport('component:default/gone'),
    ).rejects.toMatchObject({ name: 'ResponseError', statusCode: 404 });
  });

  it('throws on an answer of another shape, instead of passing it on', async () => {
    answer = { body: { items: [{ ...summary, status: 'fine' }] } };
    await expect(client.getEntityStatuses([])).rejects.toThrow(/status/);
  });

  const artifact = {
    ...{ id: '1', entityRef: summary.entityRef, kind: 'image' },
    ...{ reference: 'ghcr.io/acme/a:1', declaredBy: 'sigstore.dev/images' },
    ...{ status: 'unexpected-signer', required: true, findings: [] },
    answers: {
      ...{ signatureFound: 'yes', evidenceSound: 'yes', expectedSigner: 'no' },
    },
    ...{ notices: [], expected: [], policies: [], lookups: [] },
  };
  const read = async (report: object) => {
    const artifacts = [{ ...artifact, ...report }];
    answer = { body: { ...summary, artifacts, dependencies: [] } };
    return (await client.getEntityReport(summary.entityRef)).artifacts[0];
  };

  it('reads what a backend of the release before says of artifacts', async () => {
    expect(await read({})).toMatchObject({
      ...{ declared: true, running: false, observations: [] },
    });
  });

  it('reads findings of a later backend, beside the status it decided', async () => {
    const findings = [
      { code: 'signer-not-allowed' },
      { code: 'made-up-later', detail: 'of which nobody knew' },
      { code: 'constructor' },
    ];
    const report = await read({ findings, notices: findings });
    const known = [
      { code: 'signer-not-allowed' },
      {
        code: 'finding-of-later-release',
        detail: 'made-up-later: of which nobody knew',
      },
      { code: 'finding-of-later-release', detail: 'constructor' },
    ];
    expect(report).toMatchObject({
      ...{ status: 'unexpected-signer', findings: known, notices: known },
    });
    await expect(read({ findings: [{}] })).rejects.toThrow(/code/);
  });

  it('sends policies to be tried out, and checks what comes back', async () => {
    const preview = {
      policies: ['images'],
      distrusts: [],
      warnings: [],
      judged: 1,
      changed: 0,
      transitions: [],
      changes: [],
      needsVerification: { artifacts: 0, items: [] },
    };
    answer = { body: preview };
    const files = [{ path: 'images.yaml', text: 'kind: TrustPolicy' }];
    expect(await client.previewPolicies(files)).toEqual(preview);
    expect(asked.line).toBe('POST /api/sigstore/policy/preview');
    expect(JSON.parse(asked.body)).toEqual({ files });
  });
});
