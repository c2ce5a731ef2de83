import { OutboundClock } from './clock';
import { AllowedHost } from './HostTable';
import { OutboundError } from './OutboundError';
import { Pause, Pauses } from './Pauses';

/** A request waits this long at most for a host that wants to be left alone. */
export const MAX_WAIT_MS = 10_000;

// A host that did not answer so often in a row is not asked for a while, so that
// waiting for it holds up nobody else.
const MOST_SILENT = 5;
const SILENCE_MS = 30_000;

const DEFAULT_AT_A_TIME = 16;
const DEFAULT_PER_SECOND = 50;
const MAX_STATES = 1000;

type State = {
  running: number;
  waiting: (() => void)[];
  /** When the next request would be due if all came evenly. */
  evenly: number;
  pauses: Pauses;
  /** How often it did not answer since it last did. */
  silent: number;
  silence?: Pause;
};

/**
 * Keeps the requests to each host within its budget: so many at a time and a
 * second, whoever asks, and none while the host wants to be left alone, by
 * everybody or by who used up what it is allowed.
 */
export class HostBudgets {
  readonly #clock: OutboundClock;
  readonly #states = new Map<string, State>();

  constructor(clock: OutboundClock) {
    this.#clock = clock;
  }

  /**
   * Waits for a turn at a host.
   *
   * @param identity - who asks, as `identityOf` says
   * @returns gives the turn back; to be called once the answer was read
   * @throws OutboundError as the host answered, when it wants to be left alone
   * for longer than a request waits, or as it failed when it falls silent again
   * and again; the reason of the signal when it is aborted
   */
  async enter(
    host: AllowedHost,
    identity: string,
    signal?: AbortSignal,
  ): Promise<() => void> {
    const state = this.#stateOf(host.name);
    this.#assertNotSilent(state);
    await this.#awaitPause(state, identity, signal);
    await this.#awaitSlot(state, host, signal);
    const leave = once(() => {
      // A turn that somebody waits for is handed on.
      const next = state.waiting.shift();
      if (next) next();
      else state.running--;
    });
    try {
      await this.#awaitRate(state, host, signal);
      // Somebody else may have been told to wait in the meantime.
      await this.#awaitPause(state, identity, signal);
      this.#assertNotSilent(state);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /**
   * Leaves a host alone; never shortens a pause.
   *
   * @param identity - who leaves it alone; everybody where it is not given
   */
  pause(
    host: AllowedHost,
    until: Date,
    because: OutboundError,
    identity?: string,
  ): void {
    const { pauses } = this.#stateOf(host.name);
    const pause = { until: until.getTime(), because };
    pauses.add(identity, pause, this.#clock.now());
  }

  /** Notes that a host answered, whatever it said. */
  answered(host: AllowedHost): void {
    const state = this.#stateOf(host.name);
    state.silent = 0;
    state.silence = undefined;
  }

  /** Notes that a host did not answer. */
  silent(host: AllowedHost, because: OutboundError): void {
    const state = this.#stateOf(host.name);
    state.silent++;
    if (state.silent < MOST_SILENT) return;
    state.silence = { until: this.#clock.now() + SILENCE_MS, because };
  }

  #assertNotSilent({ silence }: State): void {
    if (silence && silence.until > this.#clock.now()) throw silence.because;
  }

  async #awaitPause(
    { pauses }: State,
    identity: string,
    signal?: AbortSignal,
  ): Promise<void> {
    for (;;) {
      const pause = pauses.of(identity);
      const left = pause ? pause.until - this.#clock.now() : 0;
      if (!pause || left <= 0) return;
      if (left > MAX_WAIT_MS) throw pause.because;
      await this.#clock.wait(left, signal);
    }
  }

  async #awaitSlot(
    state: State,
    { budget }: AllowedHost,
    signal?: AbortSignal,
  ): Promise<void> {
    signal?.throwIfAborted();
    const atATime = budget?.requestsAtATime ?? DEFAULT_AT_A_TIME;
    if (state.running < atATime) {
      state.running++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const waiting = {
        turn: () => {
          signal?.removeEventListener('abort', waiting.givenUp);
          resolve();
        },
        givenUp: () => {
          state.waiting = state.waiting.filter(turn => turn !== waiting.turn);
          reject(signal?.reason);
        },
      };
      state.waiting.push(waiting.turn);
      signal?.addEventListener('abort', waiting.givenUp, { once: true });
    });
  }

  // A second's worth may come at once, and then evenly.
  async #awaitRate(
    state: State,
    { budget }: AllowedHost,
    signal?: AbortSignal,
  ): Promise<void> {
    const perSecond = budget?.requestsPerSecond ?? DEFAULT_PER_SECOND;
    const now = this.#clock.now();
    const due = Math.max(state.evenly, now - 1000);
    state.evenly = due + 1000 / perSecond;
    if (due > now) await this.#clock.wait(due - now, signal);
  }

  #stateOf(name: string): State {
    let state = this.#states.get(name);
    if (!state) {
      if (this.#states.size >= MAX_STATES) this.#forgetIdle();
      state = {
        running: 0,
        waiting: [],
        evenly: 0,
        silent: 0,
        pauses: new Pauses(),
      };
      this.#states.set(name, state);
    }
    return state;
  }

  // Some well-known hosts are patterns, so that names have no end.
  #forgetIdle(): void {
    const now = this.#clock.now();
    for (const [name, state] of this.#states) {
      const { running, evenly, pauses, silence } = state;
      const until = Math.max(evenly, silence?.until ?? 0);
      const isIdle = running === 0 && until <= now;
      if (isIdle && pauses.areOver(now)) this.#states.delete(name);
    }
  }
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
