import { setTimeout as delay } from 'node:timers/promises';
import { Agent, Dispatcher, request } from 'undici';
import { createConnections } from './connections';
import { Destination } from './HostTable';
import { toOutboundError } from './networkErrors';
import { discard } from './responses';

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
   * Sends a GET request, and once more when nothing was there to answer it.
   * Redirects are answers like any other. Throws `OutboundError`.
   */
  async send(
    { host, url }: Destination,
    headers: Record<string, string>,
    limits: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Dispatcher.ResponseData> {
    const { timeoutMs, signal } = limits;
    const attempt = () => {
      const timeout = AbortSignal.timeout(timeoutMs);
      return request(url, {
        dispatcher: host.allowPrivateAddress
          ? this.#privateToo
          : this.#publicOnly,
        headers: { 'user-agent': 'cloudythings-sigstore-engine', ...headers },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
    };
    try {
      const response = await attempt();
      if (![502, 503, 504].includes(response.statusCode)) return response;
      await discard(response);
    } catch (error) {
      const failure = toOutboundError(error, host.name);
      const timedOut = (error as Error).name === 'TimeoutError';
      if (failure.failure !== 'unreachable' || timedOut || signal?.aborted) {
        throw failure;
      }
    }
    try {
      // Not all at the same moment after an outage.
      await delay(100 + Math.random() * 200, undefined, { signal });
      return await attempt();
    } catch (error) {
      throw toOutboundError(error, host.name);
    }
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await Promise.all([this.#publicOnly.destroy(), this.#privateToo.destroy()]);
  }
}
