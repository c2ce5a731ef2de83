import { Entity } from '@backstage/catalog-model';
import { OutboundClient } from '@cloudythings/sigstore-engine';
import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { ArgoCdSource } from './ArgoCdSource';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const TOKEN = 'secret-token';

const application = (name: string, ...images: string[]) => ({
  metadata: { name, namespace: 'argocd' },
  status: {
    reconciledAt: '2026-11-20T12:00:00Z',
    sync: { status: 'Synced', revision: '4f1b2c' },
    summary: { images },
  },
});

const LONG_AGO = '2026-11-10T12:00:00Z';
const lately = application('shop');
const unsure = {
  ...lately,
  status: { ...lately.status, sync: { status: 'Unknown' } },
};
const conditions = [{ type: 'ComparisonError', message: 'connection refused' }];

const entity = (annotations: Record<string, string>): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'a', annotations },
});

describe('ArgoCdSource', () => {
  let server: Server;
  let requests: IncomingMessage[];
  let answers: Record<string, { status?: number; body: unknown }>;
  let outbound: OutboundClient;

  beforeEach(async () => {
    requests = [];
    answers = {};
    // Speaks the documented contract of Argo CD's API.
    server = createServer((request, response) => {
      requests.push(request);
      const answer = answers[request.url!] ?? {
        status: 403,
        body: { error: 'permission denied', code: 7 },
      };
      response.writeHead(answer.status ?? 200, {
        'content-type': 'application/json',
      });
      const { body } = answer;
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    outbound = OutboundClient.create({
      hosts: [
        {
          host: 'argocd.acme.example',
          endpoint: `http://127.0.0.1:${port}`,
          allowPrivateAddress: true,
        },
      ],
    });
  });

  afterEach(async () => {
    await outbound.close();
    await new Promise(resolve => {
      server.close(resolve);
    });
  });

  const observe = async (
    annotations: Record<string, string>,
    url = 'https://argocd.acme.example',
  ) => {
    const source = new ArgoCdSource(
      [{ name: 'main', url, token: TOKEN }],
      outbound,
      () => new Date('2026-11-20T12:05:00Z'),
    );
    const questions = source.questions(entity(annotations));
    const { signal } = new AbortController();
    const given = await source.observe(questions, { signal });
    return given.map(({ question, ...answer }) => {
      expect(questions).toContain(question);
      return answer;
    });
  };

  const shop = { 'argocd/app-name': 'shop' };

  it('names the images of an application, in the form of references', async () => {
    answers['/api/v1/applications/shop?appNamespace=apps'] = {
      body: application('shop', 'nginx:1.27', `ghcr.io/acme/shop:1@${DIGEST}`),
    };
    const asked = { ...shop, 'argocd/app-namespace': 'apps' };
    expect(await observe(asked)).toEqual([
      {
        place: 'instance main',
        outcome: 'complete',
        artifacts: [
          {
            kind: 'image',
            reference: 'docker.io/nginx:1.27',
            workload: 'application shop, revision 4f1b2c',
          },
          {
            kind: 'image',
            reference: `ghcr.io/acme/shop:1@${DIGEST}`,
            workload: 'application shop, revision 4f1b2c',
          },
        ],
      },
    ]);
    expect(requests[0].headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('names the revisions of an application with several sources', async () => {
    const several = application('shop', 'ghcr.io/acme/shop:1');
    answers['/api/v1/applications/shop'] = {
      body: {
        ...several,
        status: {
          ...several.status,
          sync: { status: 'Synced', revisions: ['4f1b2c', '1.4.2'] },
        },
      },
    };
    const [{ artifacts }] = await observe(shop);
    expect(artifacts[0].workload).toBe(
      'application shop, revision 4f1b2c, 1.4.2',
    );
  });

  it('names the images of all applications with some labels', async () => {
    answers['/api/v1/applications?selector=team%3Dshop'] = {
      body: {
        metadata: { resourceVersion: '43' },
        items: [application('a', 'ghcr.io/acme/a:1'), application('b')],
      },
    };
    const [answer] = await observe({ 'argocd/app-selector': 'team=shop' });
    expect(answer).toMatchObject({
      outcome: 'complete',
      artifacts: [{ reference: 'ghcr.io/acme/a:1' }],
    });
  });

  it.each([
    [
      'no such application',
      { status: 404, body: { error: 'not found', code: 5 } },
      'complete',
      /^$/,
    ],
    [
      'a proxy without Argo CD behind it',
      { status: 404, body: '<h1>404</h1>' },
      'unreachable',
      /nothing there/,
    ],
    [
      'a refusal',
      { status: 403, body: {} },
      'refused',
      /may not exist, or the token/,
    ],
    ['a fault', { status: 501, body: {} }, 'unreachable', /501/],
    ['HTML', { body: '<html>' }, 'unreachable', /other than JSON/],
    ['another document', { body: { items: [] } }, 'unreachable', /metadata/],
    [
      'an application nobody looked at',
      { body: { metadata: { name: 'shop' }, status: {} } },
      'unreachable',
      /not looked at the application shop/,
    ],
    [
      'an application Argo CD could not compare',
      { body: { ...unsure, status: { ...unsure.status, conditions } } },
      'unreachable',
      /does not know what runs of the application shop \(ComparisonError\)/,
    ],
    [
      'an application in an unknown state',
      { body: unsure },
      'unreachable',
      /sync status Unknown/,
    ],
    [
      'an application looked at long ago',
      {
        body: {
          ...lately,
          status: { ...lately.status, reconciledAt: LONG_AGO },
        },
      },
      'unreachable',
      /since 2026-11-10/,
    ],
    [
      'too many images',
      { body: application('shop', ...Array(1001).fill('a')) },
      'over-cap',
      /summary\.images/,
    ],
  ])('takes %s for what it is', async (_, answer, outcome, cause) => {
    answers['/api/v1/applications/shop'] = answer;
    const [given] = await observe(shop);
    expect(given).toMatchObject({ outcome, artifacts: [] });
    expect(given.cause ?? '').toMatch(cause);
    expect(given.cause ?? '').not.toContain(TOKEN);
  });

  it.each<[string, unknown, string]>([
    ['an empty list', { metadata: {}, items: null }, 'complete'],
    ['an answer that is no list', {}, 'unreachable'],
    ['a list of nothing known', { items: null }, 'unreachable'],
  ])('takes %s for what it is', async (_, body, outcome) => {
    answers['/api/v1/applications?selector=team%3Dshop'] = { body };
    const [given] = await observe({ 'argocd/app-selector': 'team=shop' });
    expect(given).toMatchObject({ outcome, artifacts: [] });
  });

  it.each(['!nothing', 'team', 'team!=shop'])(
    'asks for no applications by %s',
    async selector => {
      const [given] = await observe({ 'argocd/app-selector': selector });
      expect(given).toMatchObject({ outcome: 'refused' });
      expect(requests).toEqual([]);
    },
  );

  it.each(['..', 'shop/../../session', 'Shop', '%2e%2e'])(
    'asks for no application named %s',
    async name => {
      const [given] = await observe({ 'argocd/app-name': name });
      expect(given).toMatchObject({ outcome: 'refused' });
      expect(requests).toEqual([]);
    },
  );

  it('asks only hosts that are allowed, and instances that are configured', async () => {
    const [elsewhere] = await observe(shop, 'https://argocd.other.example');
    expect(elsewhere).toMatchObject({
      outcome: 'refused',
      cause: expect.stringContaining('add it to sigstore.hosts'),
    });
    const [unknown] = await observe({
      ...shop,
      'argocd/instance-name': 'other',
    });
    expect(unknown).toMatchObject({
      place: 'instance other',
      outcome: 'refused',
    });
    expect(requests).toEqual([]);
  });
});
