import { OutboundClock } from '../outbound';

/**
 * A clock that waits for nothing: to wait is to put it forward. What was waited
 * for is remembered.
 */
export class TestClock implements OutboundClock {
  readonly waits: number[] = [];
  #now: number;

  constructor(start = '2026-11-22T15:00:00Z') {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.waits.push(ms);
    this.#now += ms;
  }

  random(): number {
    return 0.5;
  }
}
