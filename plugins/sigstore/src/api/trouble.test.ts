import { SigstoreClient } from '@cloudythings/backstage-plugin-sigstore-common';
import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { troubleOf } from './trouble';

describe('troubleOf', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** What the real client makes of a real answer. */
  async function troubleWith(status: number, type: string, body: string) {
    server = createServer((_request, response) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
    await new Promise<void>(done => server!.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    return troubleAt(port);
  }

  async function troubleAt(port: number) {
    const client = new SigstoreClient({
      discoveryApi: { getBaseUrl: async () => `http://127.0.0.1:${port}/api` },
      fetchApi: { fetch: global.fetch },
    });
    return client.getEntityReport('component:default/x').then(
      () => 'no trouble',
      error => troubleOf(error),
    );
  }

  const errorBody = (name: string, statusCode: number) =>
    JSON.stringify({ error: { name, message: 'x' }, response: { statusCode } });

  it.each([
    ['no plugin there', 404, 'text/plain', '', 'not-installed'],
    ['a proxy in front', 404, 'text/html', '<html>', 'not-installed'],
    [
      'an entity nobody may see',
      404,
      'application/json',
      errorBody('NotFoundError', 404),
      'not-known',
    ],
    [
      'no permission',
      403,
      'application/json',
      errorBody('NotAllowedError', 403),
      'not-permitted',
    ],
    ['an expired session', 401, 'text/plain', '', 'not-permitted'],
    ['a gateway', 502, 'text/html', '<html>', 'unavailable'],
    ['a page instead of data', 200, 'text/html', '<html>', 'not-understood'],
    ['another release', 200, 'application/json', '{"a":1}', 'not-understood'],
  ])('tells %s', async (_what, status, type, body, trouble) => {
    expect(await troubleWith(status, type, body)).toBe(trouble);
  });

  it('tells that nobody answers', async () => {
    const unused = createServer();
    await new Promise<void>(done => unused.listen(0, '127.0.0.1', done));
    const { port } = unused.address() as AddressInfo;
    await new Promise(done => unused.close(done));

    expect(await troubleAt(port)).toBe('unavailable');
  });
});
