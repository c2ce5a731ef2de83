import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

/** How what runs is observed, with defaults filled in. */
export type RunningConfig = {
  /** How often observers are asked. */
  periodMs: number;
  /** How long a place may fail to answer before that is said on its own row. */
  graceMs: number;
  /** Places that no longer exist, as `observer/place`. */
  retiredPlaces: string[];
};

const MINUTE = 60_000;

/**
 * Reads how often observers are asked, and when their silence counts.
 *
 * @param config - the root configuration
 * @throws InputError that names the key and the remedy
 */
export function readRunningConfig(config: Config): RunningConfig {
  const periodMs = readDuration(
    config,
    'sigstore.schedule.running',
    5 * MINUTE,
  );
  const retiredPlaces =
    config.getOptionalStringArray('sigstore.discover.running.retiredPlaces') ??
    [];
  retiredPlaces.forEach((place, index) => {
    if (!/^[^/]+\/./.test(place)) {
      throw new InputError(
        `sigstore.discover.running.retiredPlaces[${index}]: "${place}" does not name an observer and a place; write it as kubernetes/cluster prod-eu`,
      );
    }
  });
  return {
    periodMs,
    graceMs: readDuration(
      config,
      'sigstore.discover.running.silenceAfter',
      3 * periodMs,
    ),
    retiredPlaces,
  };
}

function readDuration(config: Config, key: string, defaultMs: number): number {
  if (!config.has(key)) return defaultMs;
  const duration = durationToMilliseconds(
    readDurationFromConfig(config, { key }),
  );
  if (!(duration >= 1000)) {
    throw new InputError(
      `${key} is shorter than a second; write it as { minutes: 5 } or 5m`,
    );
  }
  return duration;
}
