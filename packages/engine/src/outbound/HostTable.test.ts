import { HostRule } from './HostRule';
import { HostTable } from './HostTable';

const wellKnown = new HostTable([], true);

describe('HostTable', () => {
  it.each([
    ['https://ghcr.io/v2/acme/app', 'https://ghcr.io/v2/acme/app'],
    [
      'https://docker.io/v2/library/a',
      'https://registry-1.docker.io/v2/library/a',
    ],
    [
      'https://europe-west1-docker.pkg.dev/v2/',
      'https://europe-west1-docker.pkg.dev/v2/',
    ],
  ])('reaches %s at %s', (asked, reached) => {
    expect(wellKnown.locate(asked).url.href).toBe(reached);
  });

  it.each([
    'https://ghcr.io.evil.example/v2/',
    'https://evil-ghcr.io/v2/',
    'https://ghcr.io:8443/v2/',
    'https://evil.pkg.dev/v2/',
    'https://a-docker.pkg.dev.evil.example/v2/',
    // Reached by way of Docker Hub only.
    'https://auth.docker.io/token',
    'https://production.cloudflare.docker.com/x',
    // Plain HTTP.
    'http://ghcr.io/v2/',
  ])('does not reach %s', asked => {
    expect(() => wellKnown.locate(asked)).toThrow(
      expect.objectContaining({ failure: 'host-not-allowed' }),
    );
  });

  it('knows no host when the well-known ones are switched off', () => {
    const table = new HostTable([], false);
    expect(() => table.locate('https://ghcr.io/v2/')).toThrow(
      'ghcr.io is not on the list of allowed hosts',
    );
  });

  it.each(['docker.io', 'index.docker.io', 'registry-1.docker.io'])(
    'asks what is configured for Docker Hub under its name %s',
    host => {
      const endpoint = 'https://mirror.acme.example';
      const table = new HostTable([{ host, endpoint }], false);
      // References are read as docker.io, whichever name they are written with.
      expect(table.locate('https://docker.io/v2/library/a').url.href).toBe(
        'https://mirror.acme.example/v2/library/a',
      );
      const twice = [{ host: 'docker.io' }, { host, endpoint }];
      expect(() => new HostTable(twice, true)).toThrow('configured twice');
    },
  );

  it('follows a registry to its own blob and token hosts', () => {
    const hub = wellKnown.locate('https://docker.io/v2/library/a/blobs/x');
    const blob = 'https://production.cloudflare.docker.com/x?sig=1';
    expect(wellKnown.follow(hub, blob, 'redirect').url.href).toBe(blob);
    const realm = 'https://auth.docker.io/token';
    expect(wellKnown.follow(hub, realm, 'token').url.href).toBe(realm);
    expect(wellKnown.follow(hub, '/v2/other', 'redirect').url.href).toBe(
      'https://registry-1.docker.io/v2/other',
    );
  });

  it.each([
    // Another service's blob host, its token host as a redirect, plain HTTP,
    // credentials in the address, somebody else's bucket.
    ['https://ghcr.io/', 'https://production.cloudflare.docker.com/x'],
    ['https://docker.io/', 'https://auth.docker.io/token'],
    ['https://ghcr.io/', 'http://ghcr.io/v2/'],
    ['https://ghcr.io/', 'https://u:p@ghcr.io/v2/'],
    [
      'https://registry.k8s.io/',
      'https://prod-registry-k8s-io-evil.s3.dualstack.us-east-1.amazonaws.com/x',
    ],
  ])('does not follow %s to %s', (from, to) => {
    const start = wellKnown.locate(from);
    expect(() => wellKnown.follow(start, to, 'redirect')).toThrow(
      expect.objectContaining({ failure: 'host-not-allowed' }),
    );
  });

  it('never reaches a private host by way of a public one', () => {
    const table = new HostTable(
      [
        { host: 'public.example' },
        { host: 'inside.example', allowPrivateAddress: true },
        { host: 'also-inside.example', allowPrivateAddress: true },
      ],
      false,
    );
    const inside = 'https://inside.example/x';
    const fromPublic = table.locate('https://public.example/');
    expect(() => table.follow(fromPublic, inside, 'redirect')).toThrow(
      'inside.example is not on the list of allowed hosts, and public.example leads there',
    );
    const fromInside = table.locate('https://also-inside.example/');
    expect(table.follow(fromInside, inside, 'redirect').url.href).toBe(inside);
  });

  it('puts the path of an endpoint in front and keeps the query', () => {
    const table = new HostTable(
      [{ host: 'a.example', endpoint: 'http://127.0.0.1:8080/store/' }],
      false,
    );
    expect(table.locate('https://a.example/x/../y?z=1').url.href).toBe(
      'http://127.0.0.1:8080/store/y?z=1',
    );
  });

  it.each<[string, HostRule[], object | undefined]>([
    ['as it is', [], { requestsAtATime: 4, requestsPerSecond: 5 }],
    [
      'with another budget',
      [{ host: 'docker.io', budget: { requestsPerSecond: 1 } }],
      { requestsAtATime: 4, requestsPerSecond: 1 },
    ],
    [
      'as a mirror, which is another machine',
      [{ host: 'docker.io', endpoint: 'https://mirror.acme.example' }],
      undefined,
    ],
  ])('asks Docker Hub within its budget, %s', (_, rules, budget) => {
    const table = new HostTable(rules, true);
    const { host } = table.locate('https://docker.io/v2/library/a');
    expect(host.budget).toEqual(budget);
  });

  it.each([
    [[{ host: 'a b' }], 'host "a b" is not a host name'],
    [[{ host: 'a.example/path' }], 'is not a host name'],
    [[{ host: 'A.example' }, { host: 'a.example:443' }], 'is configured twice'],
    [
      [{ host: 'a.example', endpoint: 'ftp://b' }],
      'is not an http(s) base URL',
    ],
    [[{ host: 'a.example', endpoint: 'https://u:p@b' }], 'carries credentials'],
  ])('refuses the rules %j', (rules, message) => {
    expect(() => new HostTable(rules, true)).toThrow(message);
  });
});
