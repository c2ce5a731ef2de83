import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  EvidenceSource,
  OutboundClient,
  ociSources,
} from '@cloudythings/sigstore-engine';

const KEY = 'sigstore.sources.oci.signatureRepositories';

/**
 * Makes the sources that ask OCI registries.
 *
 * @param config - the root configuration: which repositories hold the
 * signatures of others
 * @param outbound - tells which hosts are allowed
 * @throws InputError that names the key and the remedy
 */
export function registrySources(
  config: Config,
  outbound: Pick<OutboundClient, 'allows'>,
): EvidenceSource[] {
  const entries = config.getOptionalConfigArray(KEY) ?? [];
  const signatureRepositories = entries.map((entry, index) => ({
    images: readImages(entry.getString('images'), `${KEY}[${index}].images`),
    repository: readRepository(
      entry.getString('repository'),
      `${KEY}[${index}].repository`,
      outbound,
    ),
  }));
  return ociSources({ signatureRepositories });
}

function readImages(written: string, key: string): string {
  // A host by itself is no reference; with a path below it, it is one.
  const below = '/any/image';
  const name = nameOf(`${written}${below}`);
  if (!name?.endsWith(below)) {
    throw new InputError(
      `${key}: "${written}" is not a host or the first part of a path; write it as ghcr.io/acme, without tag and wildcards`,
    );
  }
  return name.slice(0, -below.length);
}

function readRepository(
  written: string,
  key: string,
  outbound: Pick<OutboundClient, 'allows'>,
): string {
  const name = written.includes('/') ? nameOf(written) : undefined;
  if (!name) {
    throw new InputError(
      `${key}: "${written}" is not a repository; write it as ghcr.io/acme/signatures, without tag`,
    );
  }
  if (!outbound.allows(`https://${name}`)) {
    const host = name.slice(0, name.indexOf('/'));
    throw new InputError(
      `${key}: ${host} is not an allowed host; add it to sigstore.hosts`,
    );
  }
  return name;
}

/** Host and path as references are written; nothing where it is more or less. */
function nameOf(text: string): string | undefined {
  if (/[@*]|:[^/]*$/.test(text)) return undefined;
  const parsed = parseReference(text);
  if (!parsed.ok || parsed.parsed.type !== 'oci') return undefined;
  return `${parsed.parsed.host}/${parsed.parsed.repository}`;
}
