import { Agent, Dispatcher, request } from 'undici';
import { createConnections } from './connections';
import { Destination } from './HostTable';

/** A request to a destination, with lower-case header names. */
export type TransportRequest = {
  method: 'GET' | 'HEAD' | 'POST';
  headers: Record<string, string>;
  body?: string | Buffer;
};

/**
 * Sends single requests to destinations that are already decided on, over
 * connections that reach only what the host may be.
 */
export class Transport {
  readonly #publicOnly: Agent;
  readonly #privateToo: Agent;

  constructor(timeoutMs: number) {
    const pool = (allowPrivateAddress: boolean) =>
      createConnections({ allowPrivateAddress, timeoutMs });
    this.#publicOnly = pool(false);
    this.#privateToo = pool(true);
  }

  /**
   * Sends a request once. Redirects are answers like any other. Throws what
   * went wrong below HTTP.
   */
  send(
    { host, url }: Destination,
    { method, headers, body }: TransportRequest,
    limits: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Dispatcher.ResponseData> {
    const { timeoutMs, signal } = limits;
    const timeout = AbortSignal.timeout(timeoutMs);
    return request(url, {
      method,
      body,
      dispatcher: host.allowPrivateAddress
        ? this.#privateToo
        : this.#publicOnly,
      headers: { 'user-agent': 'cloudythings-sigstore-engine', ...headers },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await Promise.all([this.#publicOnly.destroy(), this.#privateToo.destroy()]);
  }
}
