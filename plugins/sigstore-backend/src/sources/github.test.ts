import { ConfigReader } from '@backstage/config';
import { githubInstances } from './github';

const allowed = ['api.github.com', 'api.acme.ghe.com', 'bundles.acme.ghe.com'];
const outbound = {
  allows: (url: string) => allowed.includes(new URL(url).hostname),
};
let warnings: string[];
beforeEach(() => {
  warnings = [];
});
const read = (integrations: object[], github: object = {}) =>
  githubInstances(
    new ConfigReader({
      integrations: { github: integrations },
      sigstore: { sources: { github } },
    } as never),
    outbound,
    { warn: (words: string) => warnings.push(words) },
  );

const PUBLIC = { host: 'github.com', token: 'of-the-public' };
const ENTERPRISE = {
  host: 'acme.ghe.com',
  apiBaseUrl: 'https://api.acme.ghe.com',
  token: 'of-the-enterprise',
};

describe('githubInstances', () => {
  it('says which GitHub is not asked because its host is not allowed', () => {
    const apiBaseUrl = 'https://elsewhere.example/api/v3';
    read([PUBLIC, { ...ENTERPRISE, apiBaseUrl }]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^acme\.ghe\.com is not asked.*elsewhere\.example.*sigstore\.hosts/,
      ),
    ]);
    expect(warnings[0]).not.toContain(ENTERPRISE.token);
  });

  it('asks the GitHubs that there are credentials for', async () => {
    const instances = read([PUBLIC, ENTERPRISE]);
    expect(instances).toMatchObject([
      {
        host: 'github.com',
        apiUrl: 'https://api.github.com',
        registryHosts: ['ghcr.io'],
        bundleHosts: ['tmaproduction.blob.core.windows.net'],
        withoutCredentials: false,
      },
      {
        host: 'acme.ghe.com',
        apiUrl: 'https://api.acme.ghe.com',
        registryHosts: ['containers.acme.ghe.com'],
        bundleHosts: [],
      },
    ]);
    const headers = instances.map(one => one.authorization('acme'));
    expect(await Promise.all(headers)).toEqual([
      'Bearer of-the-public',
      'Bearer of-the-enterprise',
    ]);
  });

  it.each([
    ['without credentials', [{ host: 'github.com' }], {}],
    ['that is switched off', [PUBLIC], { enabled: false }],
    [
      'whose API is on a host that is not allowed',
      [{ ...ENTERPRISE, apiBaseUrl: 'https://elsewhere.example' }],
      {},
    ],
    [
      'whose API is not asked by https',
      [{ ...ENTERPRISE, apiBaseUrl: 'ftp://elsewhere.example' }],
      {},
    ],
  ])('does not ask one %s', (_, integrations, github) => {
    expect(read(integrations, github)).toEqual([]);
  });

  it('asks for what is public without credentials where that is wished for', async () => {
    const [instance] = read([], { withoutCredentials: true });
    expect(instance).toMatchObject({
      host: 'github.com',
      withoutCredentials: true,
    });
    expect(await instance.authorization('acme')).toBeUndefined();
  });

  it('takes bundles of an enterprise from hosts that are named', () => {
    const bundleHosts = ['bundles.acme.ghe.com'];
    expect(read([ENTERPRISE], { bundleHosts })).toMatchObject([
      { host: 'acme.ghe.com', bundleHosts },
    ]);
  });

  it.each([
    ['https://bundles.acme.ghe.com', 'is not a host'],
    ['bundles.acme.ghe.com/x', 'is not a host'],
    ['evil.example', 'add it to sigstore.hosts'],
  ])('refuses bundles from %s', (host, message) => {
    const reading = () => read([ENTERPRISE], { bundleHosts: [host] });
    expect(reading).toThrow(message);
    expect(reading).toThrow('sigstore.sources.github.bundleHosts[0]');
  });
});
