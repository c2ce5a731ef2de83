import { createHash } from 'node:crypto';
import { createServer, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { leafHash } from '../rekorEntry';

type Json = Record<string, any>;

/** What a server of this test answers to a search or a request for entries. */
export type ServedEntry = {
  uuid: string;
  entry: Json;
  /** What a search finds it by, in lower case. */
  keys: string[];
};

/**
 * A Rekor log of version 1 as far as it is read: `/api/v1/index/retrieve` and
 * `/api/v1/log/entries/retrieve` as its openapi.yaml documents them, with what
 * only its source tells: unknown entries are passed over, no order is kept, and
 * a server that does not know a field of a query passes over it.
 */
export class RekorServer {
  readonly #server: Server;
  readonly #entries: ServedEntry[] = [];
  /** Requests by path, with their bodies. */
  readonly requests: { path: string; body: Json }[] = [];
  /** What a server of before 1.5.4 does not have. */
  knowsSubjects = true;
  searches = true;
  /** Given with whatever is asked for. */
  unasked: ServedEntry[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<RekorServer> {
    const server = createServer();
    const started = new RekorServer(server);
    server.on('request', async (request, response) => {
      const body = JSON.parse(await text(request));
      const path = request.url ?? '';
      started.requests.push({ path, body });
      started.#answer(path, body, response);
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return started;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  asked(path: string): Json[] {
    return this.requests
      .filter(request => request.path === path)
      .map(({ body }) => body);
  }

  add(...entries: ServedEntry[]): void {
    this.#entries.push(...entries);
  }

  /** Entries that a search still finds and that are not given any more. */
  withhold(uuid: string): void {
    const entry = this.#entries.find(one => one.uuid === uuid);
    if (entry) entry.entry = {};
  }

  clear(): void {
    this.#entries.splice(0);
    this.requests.splice(0);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  #answer(path: string, body: Json, response: ServerResponse): void {
    const send = (status: number, json: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(json));
    };
    if (path === '/api/v1/index/retrieve') {
      if (!this.searches) {
        const message = 'Search Index API not enabled in this Rekor instance';
        send(501, { code: 501, message });
      } else if (this.knowsSubjects && body.subject?.length > 512) {
        send(422, {
          code: 604,
          message: 'subject should be at most 512 chars',
        });
      } else {
        send(200, this.#search(body));
      }
    } else if (path === '/api/v1/log/entries/retrieve') {
      if (body.entryUUIDs.length > 10) {
        send(422, { message: 'more than max allowed 10 entries in request' });
      } else {
        send(200, this.#retrieve(body.entryUUIDs));
      }
    } else {
      send(404, { code: 404, message: `path ${path} was not found` });
    }
  }

  #search({ hash, email, subject, publicKey }: Json): string[] {
    const keys = [
      hash?.toLowerCase(),
      email?.toLowerCase(),
      this.knowsSubjects ? subject?.toLowerCase() : undefined,
      publicKey ? sha256(Buffer.from(publicKey.content, 'base64')) : undefined,
    ];
    return this.#entries
      .filter(entry => keys.some(key => key && entry.keys.includes(key)))
      .map(({ uuid }) => uuid)
      .reverse();
  }

  #retrieve(uuids: string[]): Json[] {
    return [
      ...this.unasked,
      ...this.#entries.filter(({ uuid }) => uuids.includes(uuid)),
    ]
      .filter(({ entry }) => entry.body)
      .map(({ uuid, entry }) => ({ [uuid]: entry }));
  }
}

/**
 * The entry that a bundle was logged with, as the log itself gives it; searched
 * by what Rekor indexes for its kind (pkg/types/…/entry.go, `IndexKeys`).
 */
export function entryOfBundle(bundle: Json, payloadKept = false): ServedEntry {
  const [logged] = bundle.verificationMaterial.tlogEntries;
  const { inclusionPromise, inclusionProof: proof } = logged;
  const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex');
  const payload = Buffer.from(bundle.dsseEnvelope?.payload ?? '', 'base64');
  return {
    uuid: `1193050959916656${leafHash(logged.canonicalizedBody)}`,
    entry: {
      body: logged.canonicalizedBody,
      integratedTime: Number(logged.integratedTime),
      logID: hex(logged.logId.keyId),
      logIndex: Number(logged.logIndex),
      ...(payloadKept
        ? { attestation: { data: payload.toString('base64') } }
        : {}),
      verification: {
        ...(inclusionPromise ?? {}),
        ...(proof
          ? {
              inclusionProof: {
                logIndex: Number(proof.logIndex),
                rootHash: hex(proof.rootHash),
                treeSize: Number(proof.treeSize),
                hashes: proof.hashes.map(hex),
                checkpoint: proof.checkpoint.envelope,
              },
            }
          : {}),
      },
    },
    keys: indexKeys(bundle, payload),
  };
}

function indexKeys(bundle: Json, payload: Buffer): string[] {
  if (!bundle.dsseEnvelope) {
    const { digest } = bundle.messageSignature.messageDigest;
    return [`sha256:${Buffer.from(digest, 'base64').toString('hex')}`];
  }
  const { subject, predicate } = JSON.parse(payload.toString('utf8'));
  const named = [...subject, ...(predicate?.materials ?? [])];
  return [
    `sha256:${sha256(payload)}`,
    ...named.flatMap((one: Json) =>
      Object.entries(one.digest ?? {}).map(
        ([name, value]) => `${name}:${value}`,
      ),
    ),
  ];
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
