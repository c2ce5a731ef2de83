import { TestServer } from '../__testUtils__/TestServer';
import { OutboundClient } from './OutboundClient';

const HOST = 'registry.acme.example';
const OTHER = 'other.acme.example';
const credentials = { username: 'robot', password: 'secret' };
const basic = `Basic ${Buffer.from('robot:secret').toString('base64')}`;
const scoped = { maxBytes: 1000, repositoryScope: 'acme/app' };

describe('a client with credentials', () => {
  let server: TestServer;
  let other: TestServer;
  let anonymous: OutboundClient;

  beforeEach(async () => {
    server = await TestServer.start();
    other = await TestServer.start();
    const allowed = { allowPrivateAddress: true };
    anonymous = OutboundClient.create({
      hosts: [
        { ...allowed, host: HOST, endpoint: server.url },
        { ...allowed, host: OTHER, endpoint: other.url },
      ],
      includeWellKnownHosts: false,
    });
  });

  afterEach(async () => {
    await anonymous.close();
    await Promise.all([server.close(), other.close()]);
  });

  const tokenPath =
    '/token?scope=repository%3Aacme%2Fapp%3Apull&service=registry';
  const protect = (realm: string) => {
    const headers = {
      'www-authenticate': `Bearer realm="${realm}",service="registry"`,
    };
    server.on('/v2/a', { status: 401, headers }, { body: 'in' });
    server.on(tokenPath, { body: '{"token":"t0k3n","expires_in":300}' });
  };
  const ask = (client: OutboundClient) =>
    client.get(`https://${HOST}/v2/a`, scoped);

  it('keeps its tokens to itself', async () => {
    const client = anonymous.withCredentials([{ host: HOST, credentials }]);
    protect(`${server.url}/token`);
    await ask(client);
    protect(`${server.url}/token`);
    await ask(anonymous);
    expect(server.requests).toEqual([
      { url: '/v2/a' },
      { url: tokenPath, authorization: basic },
      { url: '/v2/a', authorization: 'Bearer t0k3n' },
      { url: '/v2/a' },
      { url: tokenPath },
      { url: '/v2/a', authorization: 'Bearer t0k3n' },
    ]);
  });

  it('sends a token as it is, to its own host alone', async () => {
    const token = [{ host: HOST, credentials: { token: 'given' } }];
    protect(`https://${OTHER}/token`);
    await ask(anonymous.withCredentials(token));
    expect(server.requests).toEqual([
      { url: '/v2/a' },
      { url: '/v2/a', authorization: 'Bearer given' },
    ]);
    expect(other.connections).toBe(0);
  });

  it('gets tokens for an identity token, where the host itself gives them', async () => {
    const identity = [{ host: HOST, credentials: { identityToken: 'whoami' } }];
    const client = anonymous.withCredentials(identity);
    protect(`${server.url}/token`);
    const forms: (string | undefined)[] = [];
    server.on('/token', (_, response) => {
      forms.push(server.last?.body);
      response.end('{"access_token":"t0k3n"}');
    });
    await ask(client);
    expect(server.requests).toEqual([
      { url: '/v2/a' },
      { url: '/token' },
      { url: '/v2/a', authorization: 'Bearer t0k3n' },
    ]);
    expect(forms).toEqual([
      'scope=repository%3Aacme%2Fapp%3Apull&service=registry&grant_type=refresh_token&client_id=cloudythings&refresh_token=whoami',
    ]);
    // Another host that gives tokens is asked as anybody would.
    protect(`https://${OTHER}/token`);
    other.on(tokenPath, { body: '{"token":"t0k3n"}' });
    await ask(anonymous.withCredentials(identity));
    expect(other.requests).toEqual([{ url: tokenPath }]);
    expect(other.last).toMatchObject({ method: 'GET', body: '' });
  });

  it.each([
    ['another host', [{ host: OTHER, credentials }]],
    ['a part of the host', [{ host: 'acme.example', credentials }]],
    ['another port', [{ host: `${HOST}:8443`, credentials }]],
  ])('sends credentials of %s to nobody else', async (_, list) => {
    protect(`${server.url}/token`);
    await ask(anonymous.withCredentials(list));
    expect(server.requests.map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
      'Bearer t0k3n',
    ]);
  });

  it('follows no redirect and no realm with them', async () => {
    const both = [HOST, OTHER].map(host => ({ host, credentials }));
    const client = anonymous.withCredentials(both);
    other.on('/token?scope=repository%3Aacme%2Fapp%3Apull&service=registry', {
      body: '{"token":"t0k3n"}',
    });
    protect(`https://${OTHER}/token`);
    await ask(client);
    server.on('/v2/a', {
      status: 307,
      headers: { location: `https://${OTHER}/blob` },
    });
    other.on('/blob', { body: 'blob' });
    await ask(client);
    expect(other.requests).toEqual([{ url: tokenPath }, { url: '/blob' }]);
  });

  it('is not told to wait for what others used up', async () => {
    const later = { status: 429, headers: { 'retry-after': '600' } };
    const refused = { failure: 'refused', status: 429 };
    const client = anonymous.withCredentials([{ host: HOST, credentials }]);
    const others = anonymous.withCredentials([
      { host: HOST, credentials: { token: 'of others' } },
    ]);
    server.on('/v2/a', later, { body: 'in' });
    await expect(ask(anonymous)).rejects.toMatchObject(refused);
    expect((await ask(client)).body.toString()).toBe('in');

    server.on('/v2/a', later, { body: 'in' });
    await expect(ask(client)).rejects.toMatchObject(refused);
    expect((await ask(others)).body.toString()).toBe('in');
    const given = { ...scoped, authorization: 'Bearer given' };
    await anonymous.get(`https://${HOST}/v2/a`, given);

    // Another client with the same credentials is the same to the host.
    const same = anonymous.withCredentials([{ host: HOST, credentials }]);
    const asked = server.requests.length;
    await expect(ask(same)).rejects.toMatchObject(refused);
    expect(server.requests).toHaveLength(asked);
  });

  it('waits with everybody for a host that has too much to do', async () => {
    const headers = { 'retry-after': '600' };
    server.on('/v2/a', { status: 503, headers }, { body: 'in' });
    const client = anonymous.withCredentials([{ host: HOST, credentials }]);
    for (const one of [anonymous, client]) {
      await expect(ask(one)).rejects.toMatchObject({ status: 503 });
    }
    expect(server.requests).toHaveLength(1);
  });

  it('asks for no token once the time is over', async () => {
    protect(`${server.url}/token`);
    const stop = new AbortController();
    let gaveUp = () => {};
    const closed = new Promise<void>(resolve => {
      gaveUp = resolve;
    });
    server.on(tokenPath, (_, response) => {
      response.on('close', gaveUp);
      stop.abort();
    });
    const options = { ...scoped, signal: stop.signal };
    await expect(
      anonymous.get(`https://${HOST}/v2/a`, options),
    ).rejects.toThrow('the time for this check ran out');
    await closed;
  });

  it('allows no host that was not allowed', () => {
    const list = [{ host: 'evil.example', credentials }];
    const client = anonymous.withCredentials(list);
    expect(client.allows('https://evil.example/v2/a')).toBe(false);
    expect(client.allows(`https://${HOST}/v2/a`)).toBe(true);
  });
});
