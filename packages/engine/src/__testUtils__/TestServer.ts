import {
  createServer,
  IncomingHttpHeaders,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export type TestAnswer =
  | {
      status?: number;
      headers?: Record<string, string>;
      body?: string | Buffer;
    }
  | ((request: IncomingMessage, response: ServerResponse) => void);

/**
 * A real HTTP server on loopback that answers what a test told it to, and
 * remembers what it was asked. Paths it was not told about are answered 404.
 */
export class TestServer {
  readonly requests: { url: string; authorization?: string }[] = [];
  /** Everything that was sent with the last request. */
  last?: { method: string; headers: IncomingHttpHeaders; body: string };
  readonly #server: Server;
  readonly #answers = new Map<string, TestAnswer[]>();
  connections = 0;
  /** Bytes of answers that were taken off this server's hands. */
  bytesSent = 0;
  /** Looked at before what `on` was told; nothing means that it is not concerned. */
  intercept?: (request: IncomingMessage) => TestAnswer | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(tls?: { key: string; cert: string }): Promise<TestServer> {
    const server = tls ? createTlsServer(tls) : createServer();
    const started = new TestServer(server);
    server.on('connection', (socket: Socket) => {
      started.connections++;
      socket.on('close', () => {
        started.bytesSent += socket.bytesWritten;
      });
    });
    server.on('request', (request, response) =>
      started.#answer(request, response),
    );
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return started;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Answers in turn; the last one is repeated. The path may have a query. */
  on(path: string, ...answers: TestAnswer[]): void {
    this.#answers.set(path, answers);
  }

  asked(path: string): number {
    return this.requests.filter(({ url }) => url === path).length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse) {
    const url = request.url ?? '';
    const { authorization } = request.headers;
    this.requests.push({ url, ...(authorization ? { authorization } : {}) });
    const body = await text(request);
    this.last = {
      method: request.method ?? '',
      headers: request.headers,
      body,
    };
    const intercepted = this.intercept?.(request);
    const answers = intercepted
      ? [intercepted]
      : this.#answers.get(url) ?? [{ status: 404 }];
    const answer = answers.length > 1 ? answers.shift()! : answers[0];
    if (typeof answer === 'function') {
      answer(request, response);
      return;
    }
    response.writeHead(answer.status ?? 200, answer.headers);
    response.end(answer.body);
  }
}

/** A port on loopback that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = await TestServer.start();
  const { port } = server;
  await server.close();
  return port;
}

/** An answer that never ends, and a promise of the other side giving up. */
export function endless(headers: Record<string, string> = {}, status = 200) {
  let gaveUp = () => {};
  const closed = new Promise<void>(resolve => {
    gaveUp = resolve;
  });
  const answer: TestAnswer = (_, response) => {
    response.writeHead(status, headers);
    response.on('close', gaveUp);
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  };
  return { answer, closed };
}
