import { setTimeout as delay } from 'node:timers/promises';

/**
 * Time and chance, as waiting before another try needs them.
 *
 * @public
 */
export type OutboundClock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after this long; rejects as soon as the signal is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 up to 1. */
  random(): number;
};

/** The time of this machine. */
export const systemClock: OutboundClock = {
  now: Date.now,
  wait: (ms, signal) => delay(ms, undefined, { signal }),
  random: Math.random,
};
