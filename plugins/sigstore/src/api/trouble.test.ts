import { registerMswTestHooks } from '@backstage/test-utils';
import { SigstoreClient } from '@cloudythings/backstage-plugin-sigstore-common';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { troubleOf } from './trouble';

const BASE = 'http://localhost:7007/api/sigstore';

describe('troubleOf', () => {
  const server = setupServer();
  registerMswTestHooks(server);

  /** What the real client makes of an answer. */
  async function troubleWith(response: HttpResponse<any>) {
    server.use(http.get(`${BASE}/*`, () => response));
    const client = new SigstoreClient({
      discoveryApi: { getBaseUrl: async () => BASE },
      fetchApi: { fetch: global.fetch },
    });
    return client.getEntityReport('component:default/x').then(
      () => 'no trouble',
      error => troubleOf(error),
    );
  }

  const errorBody = (name: string, status: number) =>
    HttpResponse.json(
      { error: { name, message: 'x' }, response: { statusCode: status } },
      { status },
    );

  it.each([
    ['no plugin there', new HttpResponse('', { status: 404 }), 'not-installed'],
    [
      'a proxy in front',
      HttpResponse.html('<html>', { status: 404 }),
      'not-installed',
    ],
    ['an entity nobody may see', errorBody('NotFoundError', 404), 'not-known'],
    ['no permission', errorBody('NotAllowedError', 403), 'not-permitted'],
    [
      'an expired session',
      new HttpResponse('', { status: 401 }),
      'not-permitted',
    ],
    ['a gateway', HttpResponse.html('<html>', { status: 502 }), 'unavailable'],
    ['nobody there', HttpResponse.error(), 'unavailable'],
    ['a page instead of data', HttpResponse.html('<html>'), 'not-understood'],
    ['another release', HttpResponse.json({ a: 1 }), 'not-understood'],
  ])('tells %s', async (_what, response, trouble) => {
    expect(await troubleWith(response)).toBe(trouble);
  });
});
