import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** What answers under a host name. */
export type Route = { port: number } | { documents: Record<string, object> };

/** A running proxy. */
export interface Front {
  port: number;
  close(): Promise<void>;
}

/**
 * Starts a loopback HTTP proxy (CONNECT) that ends TLS itself, with a
 * certificate of the stack's private authority, for the host names it knows, and
 * hands each request to a local process or answers it with a document. So
 * programs that speak to `https://accounts.google.com` and the like speak to
 * this machine, without a change to them or to the system. Names it does not
 * know are refused.
 *
 * @param routes - by host name
 * @param tls - key and certificate for all of the host names, PEM
 */
export async function startFront(
  routes: Record<string, Route>,
  tls: { key: string; cert: string },
): Promise<Front> {
  const inside = https.createServer(tls, (request, response) => {
    const route = routes[(request.headers.host ?? '').split(':')[0]];
    if (!route) {
      response.writeHead(421).end();
    } else if ('documents' in route) {
      serveDocument(route.documents[request.url ?? ''], response);
    } else {
      forward(request, response, route.port);
    }
  });
  const sockets = new Set<Duplex>();
  const proxy = http.createServer((_, response) =>
    response.writeHead(405).end(),
  );
  proxy.on('connect', (request, socket: Duplex, head: Buffer) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const host = (request.url ?? '').split(':')[0];
    if (!routes[host]) {
      socket.end('HTTP/1.1 502 Not a name of this stack\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connected\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    inside.emit('connection', socket);
  });
  await new Promise<void>((resolve, reject) => {
    proxy.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (proxy.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        proxy.close(() => resolve());
        sockets.forEach(socket => socket.destroy());
      }),
  };
}

function serveDocument(
  document: object | undefined,
  response: http.ServerResponse,
): void {
  if (!document) {
    response.writeHead(404).end();
    return;
  }
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify(document));
}

function forward(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  port: number,
): void {
  const upstream = http.request(
    {
      host: '127.0.0.1',
      port,
      method: request.method,
      path: request.url,
      headers: request.headers,
    },
    answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  upstream.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  request.pipe(upstream);
}
