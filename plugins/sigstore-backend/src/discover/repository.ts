const PREFIX = 'url:https://github.com/';

/**
 * Tells the GitHub repository that an entity is kept in, from
 * `backstage.io/managed-by-location`. Ingestion writes that annotation over
 * whatever an entity's own file says, so that no entity chooses whose signatures
 * it expects. `backstage.io/source-location` can be chosen and is not read.
 *
 * @param managedByLocation - value of the annotation
 * @returns owner/name, or nothing when it lies elsewhere
 */
export function repositoryOfLocation(
  managedByLocation: string | undefined,
): string | undefined {
  if (!managedByLocation?.startsWith(PREFIX)) return undefined;
  const [owner, name, view] = managedByLocation
    .slice(PREFIX.length)
    .split(/[?#]/, 1)[0]
    .split('/');
  const plain = /^[A-Za-z0-9_.-]+$/;
  if (!plain.test(owner ?? '') || !plain.test(name ?? '')) return undefined;
  if (view !== 'blob' && view !== 'tree') return undefined;
  return `${owner}/${name.replace(/\.git$/, '')}`;
}
