import { Readable } from 'node:stream';
import { Dispatcher } from 'undici';
import { readBody } from './cappedBody';
import { OutboundClock } from './clock';
import { HostBudgets } from './HostBudgets';
import { Destination } from './HostTable';
import { rawBody } from './rawBody';
import { OutboundResponse, RawResponse } from './requests';
import { assertPlain, discard, errorOfStatus, flatten } from './responses';
import { readRetryAfter } from './retryAfter';
import { Retries } from './retries';
import { Transport, TransportRequest } from './Transport';

/** Reads a body to its end. */
export type ReadBody<T> = (
  response: Dispatcher.ResponseData,
  host: string,
) => Promise<T>;

/** What an answer came to: read, or leading on. */
export type Answer<T> =
  | { value: T }
  | { location: string }
  | { challenge: string };

type Limits = {
  timeoutMs: number;
  signal?: AbortSignal;
  idempotent: boolean;
  /** Who asks, as `identityOf` says. */
  identity: string;
};

/**
 * One question to one destination that is already decided on, and its answer:
 * within the budget of the host, and again where that may help.
 */
export class Exchange {
  readonly #clock: OutboundClock;
  readonly #transport: Transport;
  readonly #retries: Retries;
  readonly #timeoutMs: number;

  /** @param timeoutMs - for what takes no longer than a document */
  constructor(timeoutMs: number, clock: OutboundClock) {
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#transport = new Transport(timeoutMs);
    this.#retries = new Retries(new HostBudgets(clock), clock);
  }

  /**
   * Asks and reads the answer. Where it leads on comes back as it is; whether
   * to go there is not for this to decide. Throws `OutboundError`.
   */
  ask<T>(
    destination: Destination,
    request: TransportRequest,
    limits: Limits,
    read: ReadBody<T>,
  ): Promise<Answer<T>> {
    const host = destination.host.name;
    return this.#retries.run(destination.host, limits, async () => {
      const response = await this.#transport.send(destination, request, limits);
      const { statusCode } = response;
      if (statusCode === 200) {
        assertPlain(response, host);
        return { value: await read(response, host) };
      }
      await discard(response, this.#timeoutMs);
      const headers = flatten(response.headers);
      const { location } = headers;
      if ([301, 302, 303, 307, 308].includes(statusCode) && location) {
        return { location };
      }
      if (statusCode === 401) {
        return { challenge: headers['www-authenticate'] ?? '' };
      }
      throw this.#errorOf(response, host);
    });
  }

  /**
   * Asks and gives the answer out as it comes, whatever its status, but for
   * those that say to come back later. Throws `OutboundError`.
   */
  open(
    destination: Destination,
    request: TransportRequest,
    limits: Limits & { maxBytes: number },
  ): Promise<RawResponse> {
    const host = destination.host.name;
    const { maxBytes } = limits;
    return this.#retries.run(destination.host, limits, async keepTurn => {
      const response = await this.#transport.send(destination, request, limits);
      const status = response.statusCode;
      if (status === 429 || status === 503) {
        await discard(response, this.#timeoutMs);
        throw this.#errorOf(response, host);
      }
      const headers = flatten(response.headers);
      // Nobody would read what is not there.
      if (request.method === 'HEAD') {
        await discard(response, this.#timeoutMs);
        return { status, headers, body: Readable.from([]) };
      }
      const capped = { host, maxBytes, headers };
      const body = rawBody(response.body, capped, keepTurn());
      return { status, headers, body };
    });
  }

  /** Closes all connections. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  #errorOf({ statusCode, headers }: Dispatcher.ResponseData, host: string) {
    const retryAt = readRetryAfter(flatten(headers), this.#clock.now());
    return errorOfStatus(statusCode, host, retryAt);
  }
}

/** Reads a document of at most so many bytes. */
export function readDocument(maxBytes: number): ReadBody<OutboundResponse> {
  return async (response, host) => {
    const headers = flatten(response.headers);
    const body = await readBody(response.body, { host, maxBytes, headers });
    return { status: response.statusCode, headers, body };
  };
}
