import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { Pod } from '../pods';

/** A pod in the form in which API servers give it, with fields that nobody reads. */
export function podOf(
  name: string,
  labels: Record<string, string>,
  image: string,
  imageID: string,
): Pod {
  return {
    metadata: {
      ...{ name, namespace: 'shop', labels },
      ...{ uid: `uid-${name}`, resourceVersion: '42' },
    },
    spec: {
      containers: [
        { name: 'app', image, ...{ imagePullPolicy: 'IfNotPresent' } },
      ],
      ...{ nodeName: 'node-1', serviceAccountName: 'default' },
    },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'app',
          imageID,
          ...{ image, ready: true, restartCount: 0 },
          ...{ containerID: 'containerd://1f', started: true },
          ...{ state: { running: { startedAt: '2026-11-20T12:00:00Z' } } },
        },
      ],
    },
  };
}

/**
 * Speaks the part of the Kubernetes API that lists pods: label selectors of one
 * key, with or without a value, and pages.
 */
export class ApiServer {
  /** Empty where no credentials are wanted. */
  readonly token: string;
  readonly authorizations: (string | undefined)[] = [];
  pods: Pod[] = [];
  pageSize = Infinity;
  requests: string[] = [];
  failure?: { status: number; message?: string; text?: string };
  #server?: Server;
  #port = 0;

  constructor(token = 'service-account-token') {
    this.token = token;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  reset(): void {
    this.pods = [];
    this.pageSize = Infinity;
    this.requests = [];
    this.failure = undefined;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.requests.push(request.url!);
      this.authorizations.push(request.headers.authorization);
      const answer = (status: number, body: string) =>
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(body);
      const failed = this.failure;
      if (failed) {
        const { status, message } = failed;
        answer(
          status,
          failed.text ??
            JSON.stringify({
              kind: 'Status',
              status: 'Failure',
              message,
              code: status,
            }),
        );
      } else if (
        this.token &&
        request.headers.authorization !== `Bearer ${this.token}`
      ) {
        answer(
          401,
          JSON.stringify({ kind: 'Status', message: 'Unauthorized' }),
        );
      } else {
        answer(200, JSON.stringify(this.#list(request.url!)));
      }
    });
    this.#server = server;
    await new Promise<void>(resolve => {
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise(resolve => {
      this.#server?.close(resolve);
    });
  }

  #list(path: string) {
    const { searchParams } = new URL(path, this.url);
    const [key, value] = searchParams.get('labelSelector')!.split('=');
    const found = this.pods.filter(({ metadata }) => {
      const label = metadata.labels?.[key];
      return label !== undefined && (value === undefined || label === value);
    });
    const start = Number(searchParams.get('continue') ?? 0);
    const end = start + this.pageSize;
    return {
      ...{ apiVersion: 'v1', kind: 'PodList' },
      metadata: {
        resourceVersion: '43',
        ...(end < found.length ? { continue: String(end) } : {}),
      },
      items: found.slice(start, end),
    };
  }
}
