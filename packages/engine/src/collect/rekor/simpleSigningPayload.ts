import { ParsedReference } from '@cloudythings/backstage-plugin-sigstore-common';

/** As cosign names Docker Hub. */
const DOCKER_HUB = 'index.docker.io';

/**
 * What `cosign sign` of versions 1 and 2 signs for an image when nothing else is
 * asked of it: byte for byte, since a log lists the signature under its hash
 * (https://github.com/containers/image/blob/main/docs/containers-signature.5.md).
 *
 * @param digest - of the manifest
 * @returns nothing for what is not in a registry
 */
export function simpleSigningPayload(
  reference: ParsedReference,
  digest: string,
): Buffer | undefined {
  if (reference.type !== 'oci') return undefined;
  const host = reference.host === 'docker.io' ? DOCKER_HUB : reference.host;
  return Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': `${host}/${reference.repository}` },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: null,
    }),
    'utf8',
  );
}
