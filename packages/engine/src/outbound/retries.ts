import { OutboundClock } from './clock';
import { HostBudgets, MAX_WAIT_MS } from './HostBudgets';
import { AllowedHost } from './HostTable';
import { toOutboundError } from './networkErrors';
import { OutboundError } from './OutboundError';

const MAX_TRIES = 3;
const BASE_DELAY_MS = 300;
const DELAY_GROWTH = 3;
// What a host that only says "too many requests" gets.
const PAUSE_MS = 60_000;

// They say that who asks has asked too much, not that the host has too much to do.
const PERSONAL_STATUSES = [403, 429];

const PASSING_STATUSES = [429, 502, 503, 504];
// A connection that was not made or was cut; not one that nobody answers, whose
// time is over already.
const PASSING_ERRORS = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
];

type Attempt<T> = (keepTurn: () => () => void) => Promise<T>;

/**
 * Makes requests within the budget of their host, and again when what went
 * wrong is likely to pass: few times, at moments spread by chance ("full
 * jitter"), and not before the host wants it. A host that answers "too many
 * requests" is left alone by all that ask in the same name; one that has too much
 * to do, by everybody.
 */
export class Retries {
  readonly #budgets: HostBudgets;
  readonly #clock: OutboundClock;

  constructor(budgets: HostBudgets, clock: OutboundClock) {
    this.#budgets = budgets;
    this.#clock = clock;
  }

  /**
   * Makes a request whenever it is this one's turn.
   *
   * @param attempt - makes the request and reads its answer to the end; to go on
   * reading later it keeps its turn, and gives it back with what it is given
   * @param limits - `idempotent`: whether it may be made more than once;
   * `identity`: who asks, as `identityOf` says
   * @throws OutboundError of the last attempt
   */
  async run<T>(
    host: AllowedHost,
    limits: { idempotent: boolean; identity: string; signal?: AbortSignal },
    attempt: Attempt<T>,
  ): Promise<T> {
    const { idempotent, identity, signal } = limits;
    for (let tries = 1; ; tries++) {
      const result = await this.#once(host, limits, attempt);
      if ('value' in result) return result.value;
      const { error } = result;
      if (!passes(error)) throw error;
      const isLast = !idempotent || tries === MAX_TRIES || signal?.aborted;
      const delay =
        this.#clock.random() * BASE_DELAY_MS * DELAY_GROWTH ** (tries - 1);
      this.#setRetryAt(error, isLast ? PAUSE_MS : delay);
      const paused = this.#pauseFor(error, host, identity);
      if (isLast || paused > MAX_WAIT_MS) throw error;
      await this.#wait(delay, host, signal);
    }
  }

  async #once<T>(
    host: AllowedHost,
    { identity, signal }: { identity: string; signal?: AbortSignal },
    attempt: Attempt<T>,
  ): Promise<{ value: T } | { error: OutboundError }> {
    let leave: () => void;
    try {
      leave = await this.#budgets.enter(host, identity, signal);
    } catch (error) {
      // It was not asked, and is not to be.
      throw toOutboundError(error, host.name);
    }
    let kept = false;
    const keepTurn = () => {
      kept = true;
      return leave;
    };
    try {
      const value = await attempt(keepTurn);
      if (!kept) leave();
      this.#budgets.answered(host);
      return { value };
    } catch (thrown) {
      leave();
      const error = toOutboundError(thrown, host.name);
      if (!isSilence(error)) this.#budgets.answered(host);
      else if (!signal?.aborted) this.#budgets.silent(host, error);
      return { error };
    }
  }

  /** Says for how long "too many requests" holds where the host does not. */
  #setRetryAt(error: OutboundError, ms: number): void {
    if (error.status !== 429) return;
    error.retryAt ??= new Date(this.#clock.now() + ms);
  }

  /** How long the host is left alone, in milliseconds. */
  #pauseFor(error: OutboundError, host: AllowedHost, identity: string): number {
    const { retryAt, status = 0 } = error;
    if (!retryAt) return 0;
    const who = PERSONAL_STATUSES.includes(status) ? identity : undefined;
    this.#budgets.pause(host, retryAt, error, who);
    return retryAt.getTime() - this.#clock.now();
  }

  async #wait(ms: number, host: AllowedHost, signal?: AbortSignal) {
    try {
      await this.#clock.wait(ms, signal);
    } catch (error) {
      throw toOutboundError(error, host.name);
    }
  }
}

/** Whether nothing came back, or not all of it. */
function isSilence({ failure, status, cause }: OutboundError): boolean {
  return failure === 'unreachable' && status === undefined && !!cause;
}

function passes(error: OutboundError): boolean {
  if (error.status !== undefined) {
    return PASSING_STATUSES.includes(error.status) || !!error.retryAt;
  }
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return PASSING_ERRORS.includes(`${code}`);
}
