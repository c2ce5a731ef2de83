import { ParsedReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { LOCAL_FILES } from './localFiles';

/** Names the place a reference leads to, as lookups and evidence name it. */
export function placeOf(reference: ParsedReference): string {
  return reference.type === 'file' ? LOCAL_FILES : reference.host;
}
