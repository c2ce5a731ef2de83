import { type Server, createServer } from 'node:http';
import path from 'node:path';
import type { Answer } from './answer.ts';
import { Folder } from './folder.ts';
import { registryAnswer } from './registryApi.ts';

/**
 * A server of a recorded world. It only reads files: `/v2/…` is an OCI
 * registry's read API, `/log/…` the tiles of the transparency log, `/store/…`
 * the bundle store. Not listening yet.
 *
 * @param worldDir - folder that holds `recorded/`
 */
export function createWorldServer(worldDir: string): Server {
  const recorded = path.join(worldDir, 'recorded');
  const registry = new Folder(path.join(recorded, 'registry'));
  const plain: Record<string, Folder> = {
    log: new Folder(path.join(recorded, 'log')),
    store: new Folder(path.join(recorded, 'store')),
  };

  const answer = async (target: string): Promise<Answer> => {
    const url = new URL(target, 'http://world');
    if (/^\/v2(\/|$)/.test(url.pathname)) return registryAnswer(registry, url);
    const [, area, ...segments] = decodeURIComponent(url.pathname).split('/');
    const body = await (Object.hasOwn(plain, area)
      ? plain[area].read(...segments)
      : undefined);
    if (!body) return { status: 404, headers: {}, body: Buffer.alloc(0) };
    return {
      status: 200,
      headers: { 'content-type': typeOf(segments.at(-1)!) },
      body,
    };
  };

  return createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    answer(request.url ?? '/').then(
      ({ status, headers, body }) => {
        response.writeHead(status, {
          ...headers,
          'content-length': body.length,
        });
        response.end(request.method === 'HEAD' ? undefined : body);
      },
      error => {
        // What cannot be parsed is the sender's fault; the rest is a broken world.
        response.writeHead(
          error instanceof URIError || error instanceof TypeError ? 400 : 500,
        );
        response.end();
      },
    );
  });
}

function typeOf(file: string): string {
  if (file.endsWith('.json')) return 'application/json';
  return file === 'checkpoint'
    ? 'text/plain; charset=utf-8'
    : 'application/octet-stream';
}
