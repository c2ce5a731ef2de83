import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { shortDigest } from '../ui/shortDigest';

/**
 * Name of an artifact reference as people use it in a list: without the host,
 * which the detail shows, and with a shortened digest.
 *
 * @param reference - canonical, or as written when it could not be read
 */
export function artifactName(reference: string): string {
  const result = parseReference(reference);
  if (!result.ok) return reference;
  const { parsed } = result;
  switch (parsed.type) {
    case 'oci': {
      const tag = parsed.tag ? `:${parsed.tag}` : '';
      const digest =
        parsed.digest && !parsed.tag ? `@${shortDigest(parsed.digest)}` : '';
      return `${parsed.repository}${tag}${digest}`;
    }
    case 'https':
      return new URL(parsed.url).pathname.slice(1) || parsed.host;
    case 's3':
      return parsed.key;
    default:
      return parsed.path;
  }
}

/**
 * The shortest name, for a headline: `checkout-worker` of
 * `acme/checkout-worker:1.4.2`.
 */
export function shortArtifactName(reference: string): string {
  const result = parseReference(reference);
  if (!result.ok) return reference;
  if (result.parsed.type !== 'oci') return artifactName(reference);
  return result.parsed.repository.split('/').pop()!;
}
