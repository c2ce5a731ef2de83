import { cosignTag } from './cosignTags';
import { EvidenceSource } from './evidence';
import { SignatureRepository } from './ociPlaces';
import { ociPlatforms } from './ociPlatforms';
import { ociReferrers } from './ociReferrers';
import { unsignedDocuments } from './unsignedDocuments';

/**
 * Everything that is asked of OCI registries: referrers, the tags of cosign 1
 * and 2, and, where these have nothing, the platforms of an index and documents
 * that are no signatures.
 *
 * @param options - `signatureRepositories`: where signatures lie apart from
 * their images
 *
 * @public
 */
export function ociSources(
  options: { signatureRepositories?: readonly SignatureRepository[] } = {},
): EvidenceSource[] {
  const separate = options.signatureRepositories;
  return [
    ociReferrers(separate),
    cosignTag('sig', separate),
    cosignTag('att', separate),
    ociPlatforms,
    unsignedDocuments,
  ];
}
