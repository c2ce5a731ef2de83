import { Finding } from '@cloudythings/backstage-plugin-sigstore-common';

/** Most entries that are named for one reason, and most reasons. */
const NAMED = 3;

/**
 * What is said of entries without content. Anybody can log any number of them,
 * so it is said once for each reason, and for a few reasons only.
 *
 * @param unread - log indexes by the reason why they are not read
 */
export function unreadEntries(
  unread: ReadonlyMap<string, readonly number[]>,
): Finding[] {
  const reasons = [...unread].sort(([, a], [, b]) => b.length - a.length);
  const left = reasons.slice(NAMED).flatMap(([, indexes]) => indexes);
  return [
    ...reasons.slice(0, NAMED),
    ...(left.length > 0 ? [['other reasons', left] as const] : []),
  ].map(([why, indexes]) => ({
    code: 'log-content-unavailable',
    detail: `${entries(indexes)}: ${why}`,
  }));
}

function entries(indexes: readonly number[]): string {
  const named = indexes.slice(0, NAMED).join(', ');
  if (indexes.length === 1) return `entry ${named}`;
  const more = indexes.length > NAMED ? ', …' : '';
  return `${indexes.length} entries (${named}${more})`;
}
