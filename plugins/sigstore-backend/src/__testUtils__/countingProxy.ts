import { once } from 'node:events';
import { RequestListener, createServer, request } from 'node:http';
import { AddressInfo } from 'node:net';

/** Stands before a server, counts what it is asked, and can be in trouble. */
export type CountingProxy = {
  url: string;
  /** How many requests arrived so far. */
  requests(): number;
  /** Answers instead of the server, where there is one. */
  trouble?: RequestListener;
  stop(): Promise<void>;
};

/** Starts a proxy before `target` on a free port of the loopback. */
export async function startCountingProxy(
  target: string,
): Promise<CountingProxy> {
  let requests = 0;
  const proxy: CountingProxy = {
    url: '',
    requests: () => requests,
    stop: () => Promise.resolve(),
  };
  const server = createServer((incoming, answer) => {
    requests += 1;
    if (proxy.trouble) {
      proxy.trouble(incoming, answer);
      return;
    }
    const { method, headers } = incoming;
    const outgoing = request(
      new URL(incoming.url!, target),
      { method, headers },
      response => {
        answer.writeHead(response.statusCode!, response.headers);
        response.pipe(answer);
      },
    );
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  proxy.url = `http://127.0.0.1:${port}`;
  proxy.stop = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return proxy;
}
