import { OutboundError } from './OutboundError';

const MAX_PAUSES = 1000;

/** Until when a host is left alone, and what it said. */
export type Pause = { until: number; because: OutboundError };

/** Who leaves one host alone: everybody, or those who ask in one name. */
export class Pauses {
  /** Nobody in particular is everybody. */
  readonly #pauses = new Map<string | undefined, Pause>();

  /** Adds a pause; never shortens one. */
  add(identity: string | undefined, pause: Pause, now: number): void {
    if ((this.#pauses.get(identity)?.until ?? 0) >= pause.until) return;
    if (this.#pauses.size >= MAX_PAUSES) this.#forgetPast(now);
    this.#pauses.set(identity, pause);
  }

  /** The pause that ends last for whoever asks in this name. */
  of(identity: string): Pause | undefined {
    return [this.#pauses.get(identity), this.#pauses.get(undefined)]
      .filter(pause => pause !== undefined)
      .sort((a, b) => b.until - a.until)[0];
  }

  /** Whether nobody is to wait any more. */
  areOver(now: number): boolean {
    this.#forgetPast(now);
    return this.#pauses.size === 0;
  }

  #forgetPast(now: number): void {
    for (const [identity, { until }] of this.#pauses) {
      if (until <= now) this.#pauses.delete(identity);
    }
  }
}
