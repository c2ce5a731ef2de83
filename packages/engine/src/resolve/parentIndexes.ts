import {
  Lookup,
  ParsedReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { describeFailure } from './failures';
import { OciRepository } from './OciRepository';
import { placeOf } from './places';
import { SourcePorts } from './ports';

/** Which indexes list an image; a lookup where that could not be told. */
export type ParentIndexes = { parents: string[]; unanswered?: Lookup };

/**
 * Finds the index that lists a platform image. A running image is named by the
 * tag it was asked for by and by the digest of the platform that runs: where the
 * tag leads to an index whose bytes list that digest, that is its index. A tag
 * that leads elsewhere by now, or nowhere, says nothing. Never throws.
 *
 * @param digest - of the image, which is no index itself
 */
export async function findParentIndexes(
  reference: ParsedReference,
  digest: string,
  ports: SourcePorts,
): Promise<ParentIndexes> {
  if (reference.type !== 'oci' || !reference.tag || !reference.digest) {
    return { parents: [] };
  }
  try {
    const repository = new OciRepository(reference, ports);
    const document = await repository.manifest(reference.tag);
    const lists =
      document.type === 'index' &&
      document.index.manifests.some(child => child.digest === digest);
    return { parents: lists ? [document.digest] : [] };
  } catch (error) {
    const { outcome, cause, nextDueAt } = describeFailure(error);
    if (outcome === 'none') return { parents: [] };
    const source = `${placeOf(reference)} index under the tag`;
    const askedAt = ports.now().toISOString();
    const unanswered = { source, askedAt, outcome, cause };
    return {
      parents: [],
      unanswered: { ...unanswered, ...(nextDueAt ? { nextDueAt } : {}) },
    };
  }
}
