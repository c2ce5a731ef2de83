import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { compress } from 'snappyjs';

/** A repository with its attestations, as its owner made them. */
export type ServedRepository = {
  id: number;
  owner: string;
  name: string;
  isPrivate?: boolean;
  /** By digest. */
  attestations: Record<string, object[]>;
};

type Answer = {
  status: number;
  json?: unknown;
  headers?: object;
  raw?: Buffer;
};

/**
 * A GitHub as far as its documentation goes
 * (https://docs.github.com/en/rest/repos/attestations and …/orgs/attestations):
 * lists by digest with cursors in `Link`, the question for many digests, bundles
 * in the answer or under a signed address, 404 for what one may not see. Real
 * requests, of which it remembers all.
 */
export class GithubServer {
  readonly #server: Server;
  readonly requests: {
    method: string;
    path: string;
    authorization?: string;
    body: string;
  }[] = [];
  repositories: ServedRepository[] = [];
  users: string[] = [];
  /** Sees private repositories. */
  authorization = 'Bearer of-the-integration';
  bundles: 'inline' | 'by address' | 'both' = 'inline';
  bundleHost = 'bundles.acme.example';
  pageSize = 30;
  hasBulk = true;
  /** Answers before anything else, with a status and headers. */
  refuse?: (path: string) => Answer | undefined;
  /** Changes what is answered otherwise. */
  change?: (path: string, json: unknown) => void;
  /** Holds answers back until it is called. */
  #held: (() => void)[] | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<GithubServer> {
    const server = createServer();
    const started = new GithubServer(server);
    server.on('request', async (request: IncomingMessage, response) => {
      const body = await text(request);
      const { method = '', url: path = '' } = request;
      const { authorization } = request.headers;
      started.requests.push({ method, path, authorization, body });
      if (started.#held) {
        await new Promise<void>(resolve => started.#held!.push(resolve));
      }
      const answer = started.#answer(path, authorization, body);
      started.change?.(new URL(path, started.url).pathname, answer.json);
      response.writeHead(answer.status, answer.headers as {});
      response.end(answer.raw ?? JSON.stringify(answer.json ?? {}));
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

  /** Requests for attestations, without what decides who may see them. */
  get asked(): string[] {
    return this.requests
      .map(({ method, path }) => `${method} ${path}`)
      .filter(line => line.includes('/attestations/'));
  }

  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    held.forEach(resolve => resolve());
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  #answer(
    url: string,
    authorization: string | undefined,
    body: string,
  ): Answer {
    const { pathname, searchParams } = new URL(url, 'https://api.acme.example');
    const refused = this.refuse?.(pathname);
    if (refused) return refused;
    const parts = pathname.split('/').slice(1).map(decodeURIComponent);
    const after = Number(searchParams.get('after') ?? 0);
    const visible = this.repositories.filter(
      ({ isPrivate }) => !isPrivate || authorization === this.authorization,
    );
    const notFound = { status: 404, json: { message: 'Not Found' } };
    if (parts[0] === 'bundles') return this.#bundle(parts);
    if (parts[0] === 'users' && parts.length === 2) {
      const known = this.repositories.some(({ owner }) => owner === parts[1]);
      const type = this.users.includes(parts[1]) ? 'User' : 'Organization';
      return known ? { status: 200, json: { type } } : notFound;
    }
    const one = visible.find(({ id, owner, name }) =>
      parts[0] === 'repositories'
        ? `${id}` === parts[1]
        : owner === parts[1] && name === parts[2],
    );
    if (parts[0] === 'repositories' || (parts[0] === 'repos' && !parts[3])) {
      const json = { id: one?.id, private: one?.isPrivate ?? false };
      return one ? { status: 200, json } : notFound;
    }
    const isUser = this.users.includes(parts[1]);
    if (parts[0] === (isUser ? 'orgs' : 'users')) return notFound;
    const ofOwner = visible.filter(({ owner }) => owner === parts[1]);
    const ofRepository = one ? [one] : [];
    const asked = parts[0] === 'repos' ? ofRepository : ofOwner;
    if (parts.at(-1) === 'bulk-list') {
      return this.hasBulk ? this.#bulk(asked, body, after) : notFound;
    }
    const digest = parts.at(-1)!;
    const all = this.#records(asked, digest);
    if (all.length === 0) return notFound;
    const next = after + this.pageSize;
    const link = `<https://elsewhere.example${pathname}?per_page=30&after=${next}>; rel="next"`;
    return {
      status: 200,
      headers: all.length > next ? { link } : {},
      json: { attestations: all.slice(after, next) },
    };
  }

  #bulk(asked: ServedRepository[], body: string, after: number): Answer {
    const { subject_digests: digests } = JSON.parse(body);
    const next = after + this.pageSize;
    const found: Record<string, unknown> = {};
    let more = false;
    for (const digest of digests) {
      const all = this.#records(asked, digest);
      found[digest] = all.length > 0 ? all.slice(after, next) : null;
      more ||= all.length > next;
    }
    return {
      status: 200,
      json: {
        attestations_subject_digests: found,
        page_info: { has_next: more, next: `${next}` },
      },
    };
  }

  #records(asked: ServedRepository[], digest: string) {
    return asked.flatMap(({ id, attestations }) =>
      (attestations[digest] ?? []).map((bundle, index) => ({
        repository_id: id,
        ...(this.bundles === 'by address' ? {} : { bundle }),
        ...(this.bundles === 'inline'
          ? {}
          : {
              bundle_url: `https://${this.bundleHost}/bundles/${id}/${digest}/${index}.json.sn?sig=secret`,
            }),
      })),
    );
  }

  #bundle([, id, digest, file]: string[]): Answer {
    const repository = this.repositories.find(one => `${one.id}` === id);
    const bundle = repository?.attestations[digest]?.[parseInt(file, 10)];
    const raw = compress(Buffer.from(JSON.stringify(bundle)));
    return { status: 200, raw: Buffer.from(raw) };
  }
}
