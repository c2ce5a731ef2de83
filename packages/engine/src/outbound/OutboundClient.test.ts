import { closedPort, endless, TestServer } from '../__testUtils__/TestServer';
import { HostRule } from './HostRule';
import { OutboundClient } from './OutboundClient';

const HOST = 'registry.acme.example';
const OTHER = 'other.acme.example';
const credentials = { username: 'robot', password: 'secret' };
const basic = `Basic ${Buffer.from('robot:secret').toString('base64')}`;

let server: TestServer;
let other: TestServer;
const clients: OutboundClient[] = [];

beforeEach(async () => {
  server = await TestServer.start();
  other = await TestServer.start();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map(client => client.close()));
  await Promise.all([server.close(), other.close()]);
});

function clientOf(hosts: HostRule[], requestTimeoutMs?: number) {
  const client = OutboundClient.create({
    hosts,
    requestTimeoutMs,
    includeWellKnownHosts: false,
  });
  clients.push(client);
  return client;
}

function rule(more: Partial<HostRule> = {}): HostRule {
  const endpoint = server.url;
  return { host: HOST, endpoint, allowPrivateAddress: true, ...more };
}

function otherRule(more: Partial<HostRule> = {}): HostRule {
  return rule({ host: OTHER, endpoint: other.url, ...more });
}

const options = { maxBytes: 1000 };

describe('OutboundClient', () => {
  it('reads a document from the endpoint of a host', async () => {
    server.on('/mirror/a?b=c', {
      headers: { 'Content-Type': 'text/x' },
      body: 'hello',
    });
    const client = clientOf([rule({ endpoint: `${server.url}/mirror` })]);
    const { status, headers, body } = await client.get(
      `https://${HOST}/a?b=c`,
      options,
    );
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/x');
    expect(body.toString()).toBe('hello');
  });

  it('hashes without keeping', async () => {
    server.on('/a', { body: 'hello' });
    const result = await clientOf([rule()]).digest(
      `https://${HOST}/a`,
      options,
    );
    expect(result).toEqual({
      digest:
        'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      otherDigests: [
        'sha384:59e1748777448c69de6b800d7a33bbfb9ff1b463e44354c3553bcdb9c666fa90125a3c79f90397bdf5f6a13de828684f',
        'sha512:9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043',
      ],
      size: 5,
    });
  });

  it.each([
    [401, 'refused', 'refused the request (status 401)'],
    [403, 'refused', 'refused the request (status 403)'],
    [429, 'refused', 'too many requests'],
    [404, 'not-found', 'has nothing there'],
    [410, 'not-found', 'has nothing there'],
    [500, 'unreachable', 'failed to answer (status 500)'],
    [204, 'unreachable', 'failed to answer (status 204)'],
  ])('says what status %s means', async (status, failure, words) => {
    server.on('/a', { status });
    await expect(
      clientOf([rule()]).get(`https://${HOST}/a`, options),
    ).rejects.toMatchObject({
      failure,
      host: HOST,
      message: expect.stringContaining(words),
    });
  });

  describe('addresses', () => {
    it.each(['127.0.0.1', 'localhost'])(
      'does not connect to %s unless the rule allows it',
      async name => {
        server.on('/a', { body: 'inside' });
        const endpoint = `http://${name}:${server.port}`;
        await expect(
          clientOf([rule({ endpoint, allowPrivateAddress: false })]).get(
            `https://${HOST}/a`,
            options,
          ),
        ).rejects.toMatchObject({
          failure: 'host-not-allowed',
          message: `${HOST} has a private or link-local address, which is not allowed for it`,
        });
        expect(server.connections).toBe(0);

        const allowed = clientOf([rule({ endpoint })]);
        const { body } = await allowed.get(`https://${HOST}/a`, options);
        expect(body.toString()).toBe('inside');
      },
    );

    it('does not connect to link-local addresses, whatever the rule says', async () => {
      const endpoint = 'http://169.254.169.254';
      await expect(
        clientOf([rule({ endpoint })]).get(`https://${HOST}/a`, options),
      ).rejects.toMatchObject({ failure: 'host-not-allowed' });
    });
  });

  describe('limits', () => {
    it('gives up on an endless body', async () => {
      const { answer, closed } = endless();
      server.on('/a', answer);
      const client = clientOf([rule()]);
      const url = `https://${HOST}/a`;
      for (const read of ['get', 'digest'] as const) {
        await expect(client[read](url, options)).rejects.toMatchObject({
          failure: 'over-cap',
          message: `${HOST} holds a document of more than 1000 bytes`,
        });
      }
      await closed;
    });

    it('does not wait for a body that is announced to be too long', async () => {
      const closed = new Promise<void>(resolve => {
        server.on('/a', (_, response) => {
          response.on('close', resolve);
          response.writeHead(200, { 'content-length': '1001' });
          response.flushHeaders();
        });
      });
      await expect(
        clientOf([rule()]).get(`https://${HOST}/a`, options),
      ).rejects.toMatchObject({ failure: 'over-cap' });
      await closed;
    });

    it('reads exactly as much as is allowed', async () => {
      server.on('/a', { body: 'x'.repeat(1000) });
      const { body } = await clientOf([rule()]).get(
        `https://${HOST}/a`,
        options,
      );
      expect(body).toHaveLength(1000);
    });

    it('does not wait for ever', async () => {
      server.on('/silent', () => {});
      server.on('/stuck', (_, response) => {
        response.writeHead(200);
        response.write('x');
      });
      const client = clientOf([rule()], 50);
      for (const path of ['/silent', '/stuck']) {
        await expect(
          client.get(`https://${HOST}${path}`, options),
        ).rejects.toMatchObject({
          failure: 'unreachable',
          message: `${HOST} did not answer: no answer in time`,
        });
      }
    });

    it('stops when the work is called off', async () => {
      const controller = new AbortController();
      server.on('/a', () => controller.abort());
      await expect(
        clientOf([rule()]).get(`https://${HOST}/a`, {
          ...options,
          signal: controller.signal,
        }),
      ).rejects.toMatchObject({
        failure: 'unreachable',
        message: `${HOST} did not answer: the time for this check ran out`,
      });
      expect(server.asked('/a')).toBe(1);
    });
  });

  describe('disturbed answers', () => {
    it('names the host and the reason when nothing listens', async () => {
      const endpoint = `http://127.0.0.1:${await closedPort()}`;
      await expect(
        clientOf([rule({ endpoint })]).get(`https://${HOST}/a`, options),
      ).rejects.toMatchObject({
        failure: 'unreachable',
        message: `${HOST} did not answer: the connection was refused`,
      });
    });

    it('takes half an answer for none', async () => {
      server.on('/a', (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => response.destroy());
      });
      await expect(
        clientOf([rule()]).get(`https://${HOST}/a`, options),
      ).rejects.toMatchObject({ failure: 'unreachable' });
    });

    it('does not take compressed content for the content', async () => {
      server.on('/a', { headers: { 'content-encoding': 'gzip' }, body: 'x' });
      await expect(
        clientOf([rule()]).digest(`https://${HOST}/a`, options),
      ).rejects.toMatchObject({ failure: 'unreachable' });
    });
  });

  describe('redirects', () => {
    it('are followed on the same host and to allowed hosts', async () => {
      server.on('/a', { status: 307, headers: { location: '/b' } });
      server.on('/b', {
        status: 302,
        headers: { location: `https://${OTHER}/c` },
      });
      other.on('/c', { body: 'there' });
      const client = clientOf([rule(), otherRule()]);
      const { body } = await client.get(`https://${HOST}/a`, options);
      expect(body.toString()).toBe('there');
    });

    it('lead nowhere else', async () => {
      other.on('/c', { body: 'there' });
      for (const location of [`https://${OTHER}/c`, `${other.url}/c`]) {
        server.on('/a', { status: 302, headers: { location } });
        await expect(
          clientOf([rule()]).get(`https://${HOST}/a`, options),
        ).rejects.toMatchObject({
          failure: 'host-not-allowed',
          host: new URL(location).host,
        });
      }
      expect(other.connections).toBe(0);
    });

    it('do not carry credentials to another host', async () => {
      server.on('/a', {
        status: 302,
        headers: { location: `https://${OTHER}/c` },
      });
      other.on('/c', { body: 'there' });
      const client = clientOf([
        rule({ credentials }),
        otherRule({ credentials: { username: 'x', password: 'y' } }),
      ]);
      await client.get(`https://${HOST}/a`, options);
      expect(server.requests).toEqual([{ url: '/a', authorization: basic }]);
      expect(other.requests).toEqual([{ url: '/c' }]);
    });

    it('end', async () => {
      server.on('/a', { status: 302, headers: { location: '/a' } });
      await expect(
        clientOf([rule()]).get(`https://${HOST}/a`, options),
      ).rejects.toMatchObject({
        failure: 'unreachable',
        message: expect.stringContaining('redirects more than 5 times'),
      });
    });
  });

  describe('registry tokens', () => {
    const scoped = { ...options, repositoryScope: 'acme/app' };
    const tokenPath =
      '/token?scope=repository%3Aacme%2Fapp%3Apull&service=registry';

    function protectWith(challenge: string) {
      server.on(
        '/v2/a',
        { status: 401, headers: { 'www-authenticate': challenge } },
        { body: 'in' },
      );
    }

    function bearer(realm: string) {
      // The scope of the challenge is somebody else's repository.
      return `Bearer realm="${realm}",service="registry",scope="repository:acme/secret:pull"`;
    }

    const token = { body: JSON.stringify({ token: 't0k3n', expires_in: 300 }) };

    it('are asked for with our own scope, and kept', async () => {
      protectWith(bearer(`${server.url}/token`));
      server.on(tokenPath, token);
      const client = clientOf([rule({ credentials })]);
      const { body } = await client.get(`https://${HOST}/v2/a`, scoped);
      expect(body.toString()).toBe('in');
      await client.get(`https://${HOST}/v2/a`, scoped);
      expect(server.requests).toEqual([
        { url: '/v2/a' },
        { url: tokenPath, authorization: basic },
        { url: '/v2/a', authorization: 'Bearer t0k3n' },
        { url: '/v2/a', authorization: 'Bearer t0k3n' },
      ]);
    });

    it('are not asked for on a host that is not allowed', async () => {
      other.on(tokenPath, token);
      for (const realm of [`https://${OTHER}/token`, `${other.url}/token`]) {
        protectWith(bearer(realm));
        await expect(
          clientOf([rule({ credentials })]).get(`https://${HOST}/v2/a`, scoped),
        ).rejects.toMatchObject({ failure: 'host-not-allowed' });
      }
      expect(other.connections).toBe(0);
    });

    it('of another allowed host are asked for without any credentials', async () => {
      protectWith(bearer(`https://${OTHER}/token`));
      other.on(tokenPath, token);
      const client = clientOf([
        rule({ credentials }),
        otherRule({ credentials }),
      ]);
      await client.get(`https://${HOST}/v2/a`, scoped);
      expect(other.requests).toEqual([{ url: tokenPath }]);
    });

    it('do not go along with a redirect', async () => {
      protectWith(bearer(`${server.url}/token`));
      server.on(tokenPath, token);
      server.on(
        '/v2/a',
        {
          status: 401,
          headers: { 'www-authenticate': bearer(`${server.url}/token`) },
        },
        { status: 307, headers: { location: `https://${OTHER}/blob` } },
      );
      other.on('/blob', { body: 'blob' });
      const client = clientOf([rule(), otherRule()]);
      await client.get(`https://${HOST}/v2/a`, scoped);
      expect(other.requests).toEqual([{ url: '/blob' }]);
    });

    it('are not asked for by a host we were redirected to', async () => {
      server.on('/v2/a', {
        status: 307,
        headers: { location: `https://${OTHER}/v2/a` },
      });
      other.on('/v2/a', {
        status: 401,
        headers: { 'www-authenticate': bearer(`${other.url}/token`) },
      });
      const client = clientOf([
        rule({ credentials }),
        otherRule({ credentials }),
      ]);
      await expect(
        client.get(`https://${HOST}/v2/a`, scoped),
      ).rejects.toMatchObject({ failure: 'refused', host: OTHER });
      expect(other.requests).toEqual([{ url: '/v2/a' }]);
    });

    it.each([
      ['no JSON', 'nope'],
      ['no token', '{}'],
      ['a token that breaks the header', '{"token":"a\\r\\nx: y"}'],
    ])('are not taken from an answer with %s', async (_, body) => {
      protectWith(bearer(`${server.url}/token`));
      server.on(tokenPath, { body });
      await expect(
        clientOf([rule()]).get(`https://${HOST}/v2/a`, scoped),
      ).rejects.toMatchObject({
        failure: 'unreachable',
        message: `${HOST} answered without a token`,
      });
    });

    it.each([
      [404, 'refused'],
      [401, 'refused'],
      [500, 'unreachable'],
    ])(
      'are missing, and nothing else, at status %s',
      async (status, failure) => {
        protectWith(bearer(`${server.url}/token`));
        server.on(tokenPath, { status });
        await expect(
          clientOf([rule()]).get(`https://${HOST}/v2/a`, scoped),
        ).rejects.toMatchObject({ failure, host: HOST });
      },
    );

    it('give way to basic authentication where a registry asks for it', async () => {
      protectWith('Basic realm="registry"');
      await clientOf([rule({ credentials })]).get(
        `https://${HOST}/v2/a`,
        scoped,
      );
      expect(server.requests[1]).toEqual({
        url: '/v2/a',
        authorization: basic,
      });
      protectWith('Basic realm="registry"');
      await expect(
        clientOf([rule()]).get(`https://${HOST}/v2/a`, scoped),
      ).rejects.toMatchObject({ failure: 'refused' });
    });
  });
});
