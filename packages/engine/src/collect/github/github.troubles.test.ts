import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { sha256 } from '../../__testUtils__/TestRepository';
import { TestServer } from '../../__testUtils__/TestServer';
import { TROUBLE_NAMES } from '../__testUtils__/troubles';
import { TroubledSource, TroubledWorld } from '../__testUtils__/TroubledWorld';
import { githubSource } from './githubSource';

const host = 'api.acme.example';
const BUNDLES = 'bundles.acme.example';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const good = JSON.stringify({
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  content: 'good',
});

function prepare(server: TestServer): TroubledSource {
  const json = (path: string, body: unknown) =>
    server.on(path, { body: JSON.stringify(body) });
  json('/users/acme', { type: 'Organization' });
  json('/repos/acme/app', { id: 1, private: true });
  json(`/repos/acme/app/attestations/${DIGEST}?per_page=30`, {
    attestations: [
      { repository_id: 1, bundle_url: `https://${BUNDLES}/good.json?sig=x` },
    ],
  });
  server.on('/good.json?sig=x', { body: good });
  const parsed = parseReference('registry.acme.example/app:1');
  if (!parsed.ok) throw new Error(parsed.problem);
  return {
    source: githubSource({
      host: 'github.acme.example',
      apiUrl: `https://${host}`,
      registryHosts: [],
      bundleHosts: [BUNDLES],
      withoutCredentials: false,
      authorization: async () => 'Bearer of-the-integration',
    }),
    target: {
      reference: parsed.parsed,
      artifact: { digest: DIGEST, mediaType: '', size: 1, children: [] },
      known: new Set(),
      repository: { host: 'github.acme.example', owner: 'acme', name: 'app' },
    },
    finds: sha256(good),
  };
}

const bundleHost = (server: TestServer) => [
  { host: BUNDLES, endpoint: server.url, allowPrivateAddress: true },
];
const hidden = {
  outcome: 'refused',
  cause: /does not show acme\/app to the integration/,
} as const;
const missing = {
  outcome: 'unreachable',
  cause: /lists something that is missing/,
} as const;

describe.each<
  [string, Partial<ConstructorParameters<typeof TroubledWorld>[0]>]
>([
  [
    'GitHub',
    {
      expected: {
        'status 404': hidden,
        'a redirect to an allowed host that has nothing': hidden,
      },
    },
  ],
  [
    'the list of attestations',
    { hits: ({ url }) => !!url?.includes('/attestations/') },
  ],
  [
    'the place where bundles lie',
    {
      hits: ({ url }) => !!url?.startsWith('/good.json'),
      expected: {
        'status 404': missing,
        'a redirect to an allowed host that has nothing': missing,
      },
    },
  ],
])('%s in trouble', (_, options) => {
  const world = new TroubledWorld({
    host,
    prepare,
    hosts: bundleHost,
    ...options,
  });
  beforeEach(() => world.start());
  afterEach(() => world.stop());

  it('finds what is there without any', async () => {
    expect(await world.untroubled()).toMatchObject({ finds: true });
  });

  it.each(TROUBLE_NAMES)('%s', async name => {
    expect(await world.withstand(name)).toEqual(world.expected(name));
  });
});
