/** A point in time as a database driver gives it back. */
export type StoredInstant = Date | number | string;

// What was written together has the same time, and there is a lot of it.
let last: { time: number | string; text: string } = { time: '', text: '' };

/**
 * Turns what a driver gives back (PostgreSQL a Date, SQLite milliseconds) into
 * an ISO 8601 instant in UTC.
 */
export function toInstant(stored: StoredInstant): string {
  const time = stored instanceof Date ? stored.getTime() : stored;
  if (time !== last.time) last = { time, text: new Date(time).toISOString() };
  return last.text;
}

/** Like `toInstant`, with an empty column as `undefined`. */
export function toOptionalInstant(
  stored: StoredInstant | null | undefined,
): string | undefined {
  return stored === null || stored === undefined
    ? undefined
    : toInstant(stored);
}
