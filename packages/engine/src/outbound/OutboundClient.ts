import { Dispatcher } from 'undici';
import { HashedBytes, hashBody, readBody, ResponseHeaders } from './cappedBody';
import { Destination, HostRule, HostTable } from './HostTable';
import { toOutboundError } from './networkErrors';
import { OutboundError } from './OutboundError';
import { basicAuthorization, RegistryTokens } from './registryTokens';
import { assertPlain, discard, errorOfStatus, flatten } from './responses';
import { Transport } from './Transport';

const MAX_REDIRECTS = 5;
const MAX_TOKEN_BYTES = 64 * 1024;
// Hashing reads whole artifacts; it may take longer than a document, but not
// for ever.
const HASHING_TIMEOUT_MS = 10 * 60 * 1000;

/**
 * What one request may do.
 *
 * @public
 */
export type OutboundOptions = {
  maxBytes: number;
  accept?: string;
  signal?: AbortSignal;
  /** Repository to ask a pull token for, when the host is an OCI registry. */
  repositoryScope?: string;
};

/**
 * A complete answer with status 200.
 *
 * @public
 */
export type OutboundResponse = {
  status: number;
  headers: ResponseHeaders;
  body: Buffer;
};

/**
 * The only way this engine reaches the network: reads from allowed hosts, over
 * permitted addresses, within limits. Redirects and token realms lead to
 * allowed hosts or nowhere, and nothing that identifies us crosses from one
 * host to another.
 *
 * @public
 */
export class OutboundClient {
  readonly #hosts: HostTable;
  readonly #tokens: RegistryTokens;
  readonly #timeoutMs: number;
  readonly #transport: Transport;

  private constructor(hosts: HostTable, timeoutMs: number) {
    this.#hosts = hosts;
    this.#timeoutMs = timeoutMs;
    this.#transport = new Transport(timeoutMs);
    this.#tokens = new RegistryTokens(hosts, (destination, authorization) =>
      this.#askTokenHost(destination, authorization),
    );
  }

  /**
   * @param options - `hosts` allowed by configuration; the well-known public
   * ones come on top unless switched off. Throws `Error` that names the rule
   * when a rule cannot be used.
   */
  static create(options: {
    hosts: HostRule[];
    includeWellKnownHosts?: boolean;
    requestTimeoutMs?: number;
  }): OutboundClient {
    const { hosts, includeWellKnownHosts = true } = options;
    return new OutboundClient(
      new HostTable(hosts, includeWellKnownHosts),
      options.requestTimeoutMs ?? 10_000,
    );
  }

  /** Whether a request to this URL would be sent at all. */
  allows(url: string): boolean {
    try {
      this.#hosts.locate(url);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Reads a document of at most `maxBytes`. Throws `OutboundError` for
   * everything but a complete answer with status 200.
   */
  get(url: string, options: OutboundOptions): Promise<OutboundResponse> {
    return this.#read(url, options, this.#timeoutMs, async (response, host) => {
      const headers = flatten(response.headers);
      const { maxBytes } = options;
      const body = await readBody(response.body, { host, maxBytes, headers });
      return { status: response.statusCode, headers, body };
    });
  }

  /**
   * Hashes what lies at a URL while reading it; the bytes are not kept. Throws
   * `OutboundError` as `get` does.
   */
  digest(url: string, options: OutboundOptions): Promise<HashedBytes> {
    return this.#read(url, options, HASHING_TIMEOUT_MS, (response, host) =>
      hashBody(response.body, {
        host,
        maxBytes: options.maxBytes,
        headers: flatten(response.headers),
      }),
    );
  }

  /** Closes all connections. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  async #read<T>(
    url: string,
    options: OutboundOptions,
    timeoutMs: number,
    use: (response: Dispatcher.ResponseData, host: string) => Promise<T>,
  ): Promise<T> {
    const { repositoryScope, accept, signal } = options;
    const start = this.#hosts.locate(url);
    let current = start;
    let challenged = false;
    let authorization =
      repositoryScope === undefined
        ? basicAuthorization(start.host)
        : this.#tokens.known(start.host, repositoryScope);

    for (let step = 0; step <= MAX_REDIRECTS; step++) {
      const host = current.host.name;
      const headers = withoutUndefined({ accept, authorization });
      const response = await this.#transport.send(current, headers, {
        timeoutMs,
        signal,
      });
      const { statusCode } = response;
      if (statusCode === 200) {
        assertPlain(response, host);
        try {
          return await use(response, host);
        } catch (error) {
          throw toOutboundError(error, host);
        }
      }
      await discard(response);
      const { location, 'www-authenticate': challenge } = flatten(
        response.headers,
      );
      if ([301, 302, 303, 307, 308].includes(statusCode) && location) {
        const next = this.#hosts.follow(current, location, 'redirect');
        if (next.url.origin !== current.url.origin) authorization = undefined;
        current = next;
        continue;
      }
      // Only the host that was asked may ask back, and only once.
      const mayAsk = !challenged && current.host === start.host;
      if (statusCode === 401 && mayAsk && repositoryScope !== undefined) {
        challenged = true;
        const answer = await this.#tokens.answer(
          current,
          challenge,
          repositoryScope,
        );
        if (answer) {
          authorization = answer;
          continue;
        }
      }
      throw errorOfStatus(statusCode, host);
    }
    throw new OutboundError(
      'unreachable',
      start.host.name,
      `did not answer: it redirects more than ${MAX_REDIRECTS} times`,
    );
  }

  async #askTokenHost(
    destination: Destination,
    authorization: string | undefined,
  ): Promise<Buffer> {
    const host = destination.host.name;
    const headers = withoutUndefined({ authorization });
    const response = await this.#transport.send(destination, headers, {
      timeoutMs: this.#timeoutMs,
    });
    if (response.statusCode !== 200) {
      await discard(response);
      throw errorOfStatus(response.statusCode, host);
    }
    try {
      return await readBody(response.body, {
        host,
        maxBytes: MAX_TOKEN_BYTES,
        headers: flatten(response.headers),
      });
    } catch (error) {
      throw toOutboundError(error, host);
    }
  }
}

function withoutUndefined(
  headers: Record<string, string | undefined>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}
