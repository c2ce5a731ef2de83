import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';

/** Whether a reference means whatever release is the newest. */
export function asksForNewest(reference: string): boolean {
  const result = parseReference(reference);
  return result.ok && result.parsed.type === 'oci' && !!result.parsed.newest;
}
