/** A point in time as a database driver gives it back. */
export type StoredInstant = Date | number | string;

/**
 * Turns what a driver gives back (PostgreSQL a Date, SQLite milliseconds) into
 * an ISO 8601 instant in UTC.
 */
export function toInstant(stored: StoredInstant): string {
  return new Date(stored).toISOString();
}

/** Like `toInstant`, with an empty column as `undefined`. */
export function toOptionalInstant(
  stored: StoredInstant | null | undefined,
): string | undefined {
  return stored === null || stored === undefined
    ? undefined
    : toInstant(stored);
}
