/**
 * The catalog's refresh key of an entity's signature status. The processor
 * gives it to the catalog; the refresher names it to have an entity processed
 * again.
 *
 * @param entityRef - in the form of stringifyEntityRef
 */
export function refreshKey(entityRef: string): string {
  return `sigstore:${entityRef}`;
}
