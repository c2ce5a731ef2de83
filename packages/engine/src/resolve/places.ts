import { ParsedReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { LOCAL_FILES } from './localFiles';

/** Names the place a reference leads to, as lookups and evidence name it. */
export function placeOf(reference: ParsedReference): string {
  switch (reference.type) {
    case 'file':
      return LOCAL_FILES;
    // Which host serves a bucket is for configuration to say.
    case 's3':
      return `s3://${reference.bucket}`;
    default:
      return reference.host;
  }
}
