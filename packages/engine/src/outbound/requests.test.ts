import { buffer } from 'node:stream/consumers';
import { TestClock } from '../__testUtils__/TestClock';
import { endless, TestServer } from '../__testUtils__/TestServer';
import { OutboundClient } from './OutboundClient';

const HOST = 'api.acme.example';
const OTHER = 'other.acme.example';
const credentials = { username: 'robot', password: 'secret' };
const url = `https://${HOST}/a`;
const options = { maxBytes: 1000 };

let server: TestServer;
let other: TestServer;
let client: OutboundClient;

beforeEach(async () => {
  server = await TestServer.start();
  other = await TestServer.start();
  const allowPrivateAddress = true;
  client = OutboundClient.create({
    hosts: [
      { host: HOST, endpoint: server.url, allowPrivateAddress, credentials },
      { host: OTHER, endpoint: other.url, allowPrivateAddress, credentials },
    ],
    includeWellKnownHosts: false,
  });
});

afterEach(async () => {
  await client.close();
  await Promise.all([server.close(), other.close()]);
});

describe('post', () => {
  const question = { ...options, body: '{"q":1}', contentType: 'text/q' };

  it('sends the body with its type, and reads the answer', async () => {
    server.on('/a', { body: 'answer' });
    const { body } = await client.post(url, {
      ...question,
      accept: 'text/a',
      authorization: 'Bearer t',
      headers: { 'x-version': '2' },
    });
    expect(body.toString()).toBe('answer');
    expect(server.last).toMatchObject({
      method: 'POST',
      body: '{"q":1}',
      headers: {
        'content-type': 'text/q',
        accept: 'text/a',
        authorization: 'Bearer t',
        'x-version': '2',
      },
    });
  });

  it('goes nowhere else', async () => {
    const location = `https://${OTHER}/b`;
    server.on('/a', { status: 307, headers: { location } });
    await expect(client.post(url, question)).rejects.toMatchObject({
      failure: 'unreachable',
      message: `${HOST} answered a question with a redirect, which is not followed`,
    });
    await expect(
      client.post('https://evil.example/a', question),
    ).rejects.toMatchObject({ failure: 'host-not-allowed' });
    expect(other.connections).toBe(0);
  });

  it.each([
    [401, 'refused'],
    [404, 'not-found'],
    [422, 'refused'],
  ])('says what status %s means', async (status, failure) => {
    server.on('/a', { status });
    await expect(client.post(url, question)).rejects.toMatchObject({
      failure,
      status,
    });
  });

  it('reads no more than it is allowed to', async () => {
    const { answer, closed } = endless();
    server.on('/a', answer);
    await expect(client.post(url, question)).rejects.toMatchObject({
      failure: 'over-cap',
    });
    await closed;
  });
});

describe('an authorization of the request', () => {
  it('goes to the host that was asked, and along to no other', async () => {
    const location = `https://${OTHER}/b`;
    server.on('/a', { status: 302, headers: { location } });
    other.on('/b', { body: 'b' });
    await client.get(url, {
      ...options,
      authorization: 'Bearer t',
      headers: { 'x-version': '2' },
    });
    expect(server.last?.headers).toMatchObject({
      authorization: 'Bearer t',
      'x-version': '2',
    });
    expect(other.last?.headers).not.toHaveProperty('authorization');
    expect(other.last?.headers).not.toHaveProperty('x-version');
  });

  it('is not exchanged for a token of somebody else', async () => {
    const challenge = `Bearer realm="${server.url}/token"`;
    server.on('/a', {
      status: 401,
      headers: { 'www-authenticate': challenge },
    });
    await expect(
      client.get(url, {
        ...options,
        authorization: 'Bearer t',
        repositoryScope: 'acme/app',
      }),
    ).rejects.toMatchObject({ failure: 'refused', status: 401 });
    expect(server.requests).toEqual([{ url: '/a', authorization: 'Bearer t' }]);
  });

  it.each(['Authorization', 'cookie', 'Host', 'content-length'])(
    'cannot come as the header %s',
    async name => {
      const headers = { [name]: 'x' };
      await expect(client.get(url, { ...options, headers })).rejects.toThrow(
        `the header ${name} cannot be set`,
      );
      expect(server.connections).toBe(0);
    },
  );
});

describe('send', () => {
  const request = { method: 'GET', headers: {}, maxBytes: 1000 } as const;

  it('sends the headers it is given and none of ours', async () => {
    server.on('/a?x=%2B', { status: 404, body: 'nothing' });
    const { status, body } = await client.send(`${url}?x=%2B`, {
      ...request,
      headers: { host: HOST, authorization: 'AWS4-HMAC-SHA256 x' },
    });
    expect(status).toBe(404);
    expect((await buffer(body)).toString()).toBe('nothing');
    expect(server.last?.headers).toMatchObject({
      host: HOST,
      authorization: 'AWS4-HMAC-SHA256 x',
    });
    server.on('/a', { body: 'a' });
    (await client.send(url, request)).body.resume();
    expect(server.last?.headers).not.toHaveProperty('authorization');
  });

  it('reads no body of a HEAD request', async () => {
    server.on('/a', { headers: { 'content-length': '1000000000' } });
    const { headers, body } = await client.send(url, {
      ...request,
      method: 'HEAD',
    });
    expect(headers['content-length']).toBe('1000000000');
    expect(await buffer(body)).toHaveLength(0);
    expect(server.last?.method).toBe('HEAD');
  });

  it('follows no redirect', async () => {
    const location = `https://${OTHER}/b`;
    server.on('/a', { status: 307, headers: { location } });
    const { status, headers, body } = await client.send(url, request);
    body.resume();
    expect([status, headers.location]).toEqual([307, location]);
    expect(other.connections).toBe(0);
  });

  it('gives up on an endless body', async () => {
    const { answer, closed } = endless();
    server.on('/a', answer);
    const { body } = await client.send(url, request);
    await expect(buffer(body)).rejects.toMatchObject({ failure: 'over-cap' });
    await closed;
  });

  it('says it when the answer is cut', async () => {
    server.on('/a', (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    const { body } = await client.send(url, request);
    await expect(buffer(body)).rejects.toMatchObject({
      failure: 'unreachable',
      message: `${HOST} did not answer: the connection was cut`,
    });
  });

  it('asks again when the host has too much to do', async () => {
    server.on('/a', { status: 503 }, { body: 'a' });
    const { body } = await client.send(url, request);
    expect((await buffer(body)).toString()).toBe('a');
  });

  it.each([503, 429])(
    'waits no longer than for a document for the rest of an answer with status %s',
    async status => {
      const endpoint = server.url;
      const impatient = OutboundClient.create({
        hosts: [{ host: HOST, endpoint, allowPrivateAddress: true }],
        requestTimeoutMs: 300,
        clock: new TestClock(),
      });
      server.on('/a', (_, response) => {
        response.writeHead(status);
        // Never silent for long, and never done.
        const dripping = setInterval(() => response.write('.'), 20);
        response.on('close', () => clearInterval(dripping));
      });
      await expect(impatient.send(url, request)).rejects.toMatchObject({
        status,
      });
      await impatient.close();
    },
  );

  it('waits for what its key used up, and not for others', async () => {
    const later = { status: 429, headers: { 'retry-after': '600' } };
    server.on('/a', later, { body: 'a' });
    const signed = (key: string, signature: string) => ({
      ...request,
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261122/eu/s3/aws4_request, SignedHeaders=host, Signature=${signature}`,
      },
    });
    const refused = { failure: 'refused', status: 429 };
    const asking = client.send(url, signed('AKIAONE', '1'));
    await expect(asking).rejects.toMatchObject(refused);
    const { body } = await client.send(url, signed('AKIATWO', '2'));
    expect((await buffer(body)).toString()).toBe('a');
    const again = client.send(url, signed('AKIAONE', '3'));
    await expect(again).rejects.toMatchObject(refused);
    expect(server.asked('/a')).toBe(2);
  });

  it('names no other host', async () => {
    const headers = { host: OTHER };
    await expect(client.send(url, { ...request, headers })).rejects.toThrow(
      `the header host is not that of the URL, ${HOST}`,
    );
  });
});
