import {
  closedPort,
  TestAnswer,
  TestServer,
} from '../__testUtils__/TestServer';
import { TestClock } from '../__testUtils__/TestClock';
import { HostRule } from './HostRule';
import { OutboundClient } from './OutboundClient';

const HOST = 'registry.acme.example';
const url = `https://${HOST}/a`;
const options = { maxBytes: 1000 };
const cut: TestAnswer = (_, response) => {
  response.destroy();
};
const cutHalfway: TestAnswer = (_, response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('half', () => response.destroy());
};
const wait = (seconds: string | number, status = 429): TestAnswer => ({
  status,
  headers: { 'retry-after': `${seconds}` },
});

let server: TestServer;
let clock: TestClock;
let client: OutboundClient;

beforeEach(async () => {
  server = await TestServer.start();
  clock = new TestClock();
  client = clientOf();
});

afterEach(async () => {
  await client.close();
  await server.close();
});

function clientOf(more: Partial<HostRule> = {}) {
  const endpoint = server.url;
  return OutboundClient.create({
    hosts: [{ host: HOST, endpoint, allowPrivateAddress: true, ...more }],
    includeWellKnownHosts: false,
    clock,
  });
}

describe('what is tried again', () => {
  it.each<[string, TestAnswer]>([
    ['a gateway without a server', { status: 502 }],
    ['a server that is not ready', { status: 503 }],
    ['a gateway without an answer', { status: 504 }],
    ['too many requests', { status: 429 }],
    ['a cut connection', cut],
    ['an answer that is cut', cutHalfway],
  ])('after %s', async (_, answer) => {
    server.on('/a', answer, answer, { body: 'back' });
    const { body } = await client.get(url, options);
    expect(body.toString()).toBe('back');
    // Half of 300 ms, then half of three times as much.
    expect(clock.waits).toEqual([150, 450]);

    server.on('/a', answer);
    clock.waits.length = 0;
    await expect(client.get(url, options)).rejects.toThrow(HOST);
    expect(clock.waits).toEqual([150, 450]);
  });

  it.each<[string, TestAnswer]>([
    ['a refusal', { status: 403 }],
    ['nothing there', { status: 404 }],
    ['a server at fault', { status: 500 }],
  ])('is not %s', async (_, answer) => {
    server.on('/a', answer);
    await expect(client.get(url, options)).rejects.toThrow(HOST);
    expect(server.asked('/a')).toBe(1);
  });

  it('is a question with a body only when it says so', async () => {
    const question = {
      ...options,
      body: '{}',
      contentType: 'application/json',
    };
    server.on('/a', { status: 503 }, { body: 'answer' });
    await expect(client.post(url, question)).rejects.toMatchObject({
      status: 503,
    });
    server.on('/a', { status: 503 }, { body: 'answer' });
    const asked = { ...question, idempotent: true };
    const { body } = await client.post(url, asked);
    expect(body.toString()).toBe('answer');
  });

  it('ends with the time for the work', async () => {
    const controller = new AbortController();
    server.on('/a', (_, response) => {
      controller.abort();
      response.writeHead(503).end();
    });
    const { signal } = controller;
    await expect(client.get(url, { ...options, signal })).rejects.toMatchObject(
      { failure: 'unreachable' },
    );
    expect(server.asked('/a')).toBe(1);
  });

  it('is a connection that is refused', async () => {
    await client.close();
    client = clientOf({ endpoint: `http://127.0.0.1:${await closedPort()}` });
    await expect(client.get(url, options)).rejects.toThrow('was refused');
    expect(clock.waits).toHaveLength(2);
  });
});

describe('a host that wants to be asked later', () => {
  it.each([
    ['in seconds', '2'],
    ['as a date', 'Sun, 22 Nov 2026 15:00:02 GMT'],
  ])('is waited for %s', async (_, later) => {
    server.on('/a', wait(later), { body: 'back' });
    await client.get(url, options);
    expect(clock.waits).toEqual([150, 1850]);
  });

  it.each([
    ['for minutes', 429, '600', 'refused', '2026-11-22T15:10:00.000Z'],
    ['for ever', 503, '999999999', 'unreachable', '2026-11-22T16:00:00.000Z'],
    ['by a limit', 403, '600', 'refused', '2026-11-22T15:10:00.000Z'],
  ])('%s is left alone by everybody', async (_, status, later, failure, at) => {
    server.on('/a', wait(later, status));
    server.on('/b', { body: 'b' });
    const retryAt = new Date(at);
    const refusal = { failure, status, retryAt };
    await expect(client.get(url, options)).rejects.toMatchObject(refusal);
    const other = `https://${HOST}/b`;
    await expect(client.get(other, options)).rejects.toMatchObject(refusal);
    expect(server.asked('/a')).toBe(1);
    expect(server.asked('/b')).toBe(0);

    await clock.wait(retryAt.getTime() - clock.now());
    const { body } = await client.get(other, options);
    expect(body.toString()).toBe('b');
  });

  it('and does not say when is left alone for a minute', async () => {
    server.on('/a', { status: 429 });
    const retryAt = new Date('2026-11-22T15:01:00.600Z');
    await expect(client.get(url, options)).rejects.toMatchObject({ retryAt });
    await expect(client.get(url, options)).rejects.toMatchObject({ retryAt });
    expect(server.asked('/a')).toBe(3);
  });

  it.each([404, 410, 401])('is no host that answers %s', async status => {
    server.on('/a', wait('600', status));
    server.on('/b', { body: 'b' });
    await expect(client.get(url, options)).rejects.toMatchObject({
      retryAt: undefined,
    });
    await client.get(`https://${HOST}/b`, options);
    expect(server.requests).toHaveLength(2);
  });

  it('is read as GitHub says it', async () => {
    const reset = Date.parse('2026-11-22T15:30:00Z') / 1000;
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': `${reset}`,
    };
    server.on('/a', { status: 403, headers });
    await expect(client.get(url, options)).rejects.toMatchObject({
      retryAt: new Date('2026-11-22T15:30:00Z'),
    });
  });

  it.each(['soon', '-1', '1e9', '2026-11-22', 'Sun, 99 Xyz 2026 15:00:02 GMT'])(
    'is asked again soon where "%s" is no time',
    async text => {
      server.on('/a', wait(text), { body: 'back' });
      await client.get(url, options);
      expect(clock.waits).toEqual([150]);
    },
  );
});

describe('a host that falls silent', () => {
  const other = `https://${HOST}/b`;

  /** Five times in a row: three tries and two. */
  async function fallSilent() {
    server.on('/a', cut);
    await expect(client.get(url, options)).rejects.toThrow('was cut');
    await expect(client.get(url, options)).rejects.toThrow('was cut');
    expect(server.asked('/a')).toBe(5);
  }

  it('is left alone for half a minute', async () => {
    await fallSilent();
    server.on('/b', { body: 'b' });
    await expect(client.get(other, options)).rejects.toMatchObject({
      failure: 'unreachable',
      message: `${HOST} did not answer: the connection was cut`,
      retryAt: undefined,
    });
    expect(server.asked('/b')).toBe(0);
    await clock.wait(30_000);
    expect((await client.get(other, options)).body.toString()).toBe('b');

    // It answered: it may fall silent as often as before.
    server.on('/b', cut);
    await expect(client.get(other, options)).rejects.toThrow('was cut');
    expect(server.asked('/b')).toBe(4);
  });

  it('and is silent still is left alone at once', async () => {
    await fallSilent();
    await clock.wait(30_000);
    await expect(client.get(url, options)).rejects.toThrow('was cut');
    expect(server.asked('/a')).toBe(6);
  });

  it('is not one that refuses, or that we did not wait for', async () => {
    server.on('/a', { status: 500 });
    const gone = AbortSignal.abort();
    for (let i = 0; i < 6; i++) {
      const waiting = client.get(url, { ...options, signal: gone });
      await expect(waiting).rejects.toThrow('the time for this check ran out');
      await expect(client.get(url, options)).rejects.toThrow('status 500');
    }
    expect(server.asked('/a')).toBe(6);
  });
});

describe('the budget of a host', () => {
  it('lets only so many requests run at a time', async () => {
    await client.close();
    client = clientOf({ budget: { requestsAtATime: 2 } });
    let running = 0;
    let most = 0;
    server.on('/a', (_, response) => {
      running++;
      most = Math.max(most, running);
      setImmediate(() => {
        running--;
        response.end('a');
      });
    });
    await Promise.all(
      Array.from({ length: 10 }, () => client.get(url, options)),
    );
    expect(server.asked('/a')).toBe(10);
    expect(most).toBe(2);
  });

  it('lets only so many begin in a second', async () => {
    await client.close();
    client = clientOf({ budget: { requestsPerSecond: 4 } });
    server.on('/a', { body: 'a' });
    for (let i = 0; i < 7; i++) await client.get(url, options);
    expect(clock.waits.length).toBeGreaterThan(0);
    expect(clock.waits.reduce((sum, ms) => sum + ms, 0)).toBe(500);
  });

  it('is given back by what failed, was called off or was not read', async () => {
    await client.close();
    client = clientOf({ budget: { requestsAtATime: 1 } });
    server.on('/a', { status: 404 });
    server.on('/b', { body: 'b'.repeat(10) });
    await expect(client.get(url, options)).rejects.toThrow();
    const signal = AbortSignal.abort();
    await expect(client.get(url, { ...options, signal })).rejects.toThrow();
    const raw = { method: 'GET' as const, headers: {}, maxBytes: 100 };
    const opened = await client.send(`https://${HOST}/b`, raw);
    const queued = new AbortController();
    const waiting = client.get(url, { ...options, signal: queued.signal });
    const next = client.get(`https://${HOST}/b`, options);
    queued.abort();
    await expect(waiting).rejects.toThrow('the time for this check ran out');
    opened.body.destroy();
    expect((await next).body.toString()).toBe('bbbbbbbbbb');
  });
});
