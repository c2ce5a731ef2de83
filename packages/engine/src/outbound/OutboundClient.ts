import { askTokenHost } from './askTokenHost';
import { HashedBytes, hashBody } from './cappedBody';
import { OutboundClock, systemClock } from './clock';
import { Exchange, ReadBody, readDocument } from './Exchange';
import { HostCredentials, HostRule } from './HostRule';
import { HostTable } from './HostTable';
import { identityOf } from './identityOf';
import { OutboundError } from './OutboundError';
import { readThrough } from './readThrough';
import { basicAuthorization, RegistryTokens } from './registryTokens';
import {
  assertHarmless,
  assertOwnHost,
  OutboundOptions,
  OutboundPostOptions,
  OutboundResponse,
  RawRequest,
  RawResponse,
  withoutUndefined,
} from './requests';
import { errorOfStatus, flatten } from './responses';

// Hashing reads whole artifacts; it may take longer than a document, but not
// for ever.
const HASHING_TIMEOUT_MS = 10 * 60 * 1000;

/**
 * The only way this engine reaches the network: asks allowed hosts, over
 * permitted addresses, within limits. Redirects and token realms lead to
 * allowed hosts or nowhere, and nothing that identifies us crosses from one
 * host to another.
 *
 * Every request keeps within the budget of its host. What may be asked again is
 * asked again, a few times, when the host was not there, cut the connection or
 * has too much to do; `Retry-After` is heeded, and an `OutboundError` carries
 * it as `retryAt`.
 *
 * @public
 */
export class OutboundClient {
  readonly #hosts: HostTable;
  readonly #tokens: RegistryTokens;
  readonly #timeoutMs: number;
  readonly #exchange: Exchange;

  private constructor(hosts: HostTable, timeoutMs: number, exchange: Exchange) {
    this.#hosts = hosts;
    this.#timeoutMs = timeoutMs;
    this.#exchange = exchange;
    this.#tokens = new RegistryTokens(hosts, askTokenHost(exchange, timeoutMs));
  }

  /**
   * @param options - `hosts` allowed by configuration; the well-known public
   * ones come on top unless switched off. `clock` is for tests, which must not
   * wait. Throws `Error` that names the rule when a rule cannot be used.
   */
  static create(options: {
    hosts: HostRule[];
    includeWellKnownHosts?: boolean;
    requestTimeoutMs?: number;
    clock?: OutboundClock;
  }): OutboundClient {
    const { hosts, includeWellKnownHosts = true } = options;
    const timeoutMs = options.requestTimeoutMs ?? 10_000;
    return new OutboundClient(
      new HostTable(hosts, includeWellKnownHosts),
      timeoutMs,
      new Exchange(timeoutMs, options.clock ?? systemClock),
    );
  }

  /**
   * A client that asks some hosts with credentials. Tokens that it is given are
   * its own; connections and the budget of each host are shared, and closed with
   * the client it was made from. That a host allows others no more requests does
   * not concern it.
   *
   * Credentials are sent to their own host, and the token host that service is
   * known for; never after a redirect, and never to another realm.
   */
  withCredentials(credentials: readonly HostCredentials[]): OutboundClient {
    return new OutboundClient(
      this.#hosts.withCredentials(credentials),
      this.#timeoutMs,
      this.#exchange,
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
    const read = readDocument(options.maxBytes);
    return this.#read(url, options, this.#timeoutMs, read);
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

  /**
   * Asks with a body, and reads an answer of at most `maxBytes`. Redirects are
   * not followed and tokens are not asked for. Throws `OutboundError` for
   * everything but a complete answer with status 200.
   */
  async post(
    url: string,
    options: OutboundPostOptions,
  ): Promise<OutboundResponse> {
    const { body, contentType, accept, signal, idempotent = false } = options;
    const destination = this.#hosts.locate(url);
    const { name } = destination.host;
    const identity = identityOf(destination.host, options.authorization);
    const headers = withoutUndefined({
      ...assertHarmless(options.headers),
      'content-type': contentType,
      accept,
      authorization:
        options.authorization ?? basicAuthorization(destination.host),
    });
    const answer = await this.#exchange.ask(
      destination,
      { method: 'POST', body, headers },
      { timeoutMs: this.#timeoutMs, signal, identity, idempotent },
      readDocument(options.maxBytes),
    );
    if ('value' in answer) return answer.value;
    if ('challenge' in answer) throw errorOfStatus(401, name);
    const words = 'answered a question with a redirect, which is not followed';
    throw new OutboundError('unreachable', name, words);
  }

  /**
   * Sends a GET or HEAD request with exactly these headers and gives the answer
   * as it is, whatever its status: no redirect is followed, no token asked for,
   * no credentials added. Where the connection is cut or the host has too much
   * to do (429, 503) it is asked again, as long as no body was given out.
   *
   * Throws `OutboundError` when there is no answer. The body of an answer must
   * be read to its end or destroyed.
   */
  async send(url: string, request: RawRequest): Promise<RawResponse> {
    const { method, headers, maxBytes, signal } = request;
    const destination = this.#hosts.locate(url);
    assertOwnHost(headers, new URL(url).host);
    return this.#exchange.open(
      destination,
      { method, headers },
      {
        timeoutMs: HASHING_TIMEOUT_MS,
        signal,
        identity: identityOf({}, headers.authorization),
        idempotent: true,
        maxBytes,
      },
    );
  }

  /** Closes all connections. */
  close(): Promise<void> {
    return this.#exchange.close();
  }

  #read<T>(
    url: string,
    options: OutboundOptions,
    timeoutMs: number,
    read: ReadBody<T>,
  ): Promise<T> {
    const means = {
      hosts: this.#hosts,
      tokens: this.#tokens,
      exchange: this.#exchange,
      timeoutMs,
    };
    return readThrough(url, options, means, read);
  }
}
