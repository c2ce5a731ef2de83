import pLimit from 'p-limit';
import { OutboundError } from '../outbound';
import { Descriptor } from '../resolve/ociDocuments';
import { OciRepository } from '../resolve/OciRepository';
import {
  CONCURRENCY,
  evidenceLayers,
  readEvidenceLayers,
  wantedFirst,
} from './attachedLayers';
import { BUNDLE_PREFIX, recognizeBundle } from './bundleMediaTypes';
import { CAPS } from './caps';
import { EvidenceSource } from './evidence';
import { Gathering } from './Gathering';
import { sourceName } from './sourceNames';

// Layouts of cosign 2, whose layers are those of its signature tags.
const READ_TYPES = [
  'application/vnd.dev.cosign.artifact.sig.v1+json',
  'application/vnd.dev.cosign.artifact.att.v1+json',
  'application/vnd.in-toto+json',
];
const LOOKS_LIKE_SIGNATURE = /signature|sigstore|cosign|in-toto|dsse|notary/;
const DESCRIBES_CONTENT = /sbom|spdx|cyclonedx/;

type Listing = { descriptors: Descriptor[]; complete: boolean };

/**
 * Evidence among the referrers of an OCI artifact: what cosign 3 writes. Asks
 * the referrers API and, where a registry has none, the tag that stands in for
 * it (OCI distribution specification 1.1). One lookup covers both.
 */
export const ociReferrers: EvidenceSource = {
  name: 'oci-referrers',
  covers: reference => reference.type === 'oci',
  async collect(target, ports) {
    const { reference, artifact, known, wantedTypes } = target;
    const source = sourceName(reference, 'referrers');
    const gathering = new Gathering(source, target, ports.now());
    if (reference.type !== 'oci') return gathering.result();
    const repository = new OciRepository(reference, ports);
    try {
      const listing = await list(repository, artifact.digest);
      const { examined, complete } = select(listing, gathering, wantedTypes);
      const layers = await readManifests(examined, repository, gathering);
      await readEvidenceLayers(layers, { repository, gathering, target });
      if (!complete) await readKnown(known, repository, gathering);
    } catch (error) {
      gathering.fail(error);
    }
    return gathering.result();
  },
};

async function list(
  repository: OciRepository,
  digest: string,
): Promise<Listing> {
  try {
    return await listByApi(repository, digest);
  } catch (error) {
    if (!hasNoApi(error)) throw error;
  }
  try {
    const document = await repository.manifest(digest.replace(':', '-'));
    const descriptors =
      document.type === 'index' ? document.index.manifests : [];
    return { descriptors, complete: true };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return { descriptors: [], complete: true };
  }
}

async function listByApi(
  repository: OciRepository,
  digest: string,
): Promise<Listing> {
  const descriptors: Descriptor[] = [];
  let query: string | undefined = '';
  for (let page = 0; page < CAPS.pages && query !== undefined; page++) {
    const answer = await repository.referrers(digest, query);
    descriptors.push(...answer.index.manifests);
    query = answer.next;
  }
  return { descriptors, complete: query === undefined };
}

/** Registries without the API say so in several ways. */
function hasNoApi(error: unknown): boolean {
  if (!(error instanceof OutboundError)) return false;
  return (
    error.failure === 'not-found' ||
    [400, 405, 406, 501].includes(error.status ?? 0)
  );
}

function isNotFound(error: unknown): boolean {
  return error instanceof OutboundError && error.failure === 'not-found';
}

/**
 * Chooses which referrers to look at: what policies ask for first, then other
 * bundles, then the rest.
 */
function select(
  listing: Listing,
  gathering: Gathering,
  wantedTypes: ReadonlySet<string> | undefined,
) {
  const bundles: Descriptor[] = [];
  const others: Descriptor[] = [];
  for (const descriptor of listing.descriptors) {
    const type = descriptor.artifactType ?? '';
    if (type.startsWith(BUNDLE_PREFIX)) {
      bundles.push(descriptor);
    } else if (type === '' || READ_TYPES.includes(type)) {
      others.push(descriptor);
    } else if (
      LOOKS_LIKE_SIGNATURE.test(type) &&
      !DESCRIBES_CONTENT.test(type)
    ) {
      gathering.unsupported(type);
    }
  }
  const candidates = wantedFirst([...bundles, ...others], wantedTypes);
  const complete = listing.complete && candidates.length <= CAPS.examined;
  if (!complete) {
    gathering.overCap('lists more evidence than is looked at');
  }
  return { examined: candidates.slice(0, CAPS.examined), complete };
}

async function readManifests(
  examined: Descriptor[],
  repository: OciRepository,
  gathering: Gathering,
): Promise<Descriptor[]> {
  const limit = pLimit(CONCURRENCY);
  const read = async (descriptor: Descriptor) => {
    try {
      const document = await repository.manifest(descriptor.digest);
      if (document.type !== 'manifest') return [];
      const { manifest } = document;
      const type = manifest.artifactType ?? manifest.config?.mediaType ?? '';
      // A list without types names everything that refers here, also what is
      // no evidence at all.
      const isEvidence =
        type.startsWith(BUNDLE_PREFIX) || READ_TYPES.includes(type);
      if (!isEvidence && !LOOKS_LIKE_SIGNATURE.test(type)) return [];
      return evidenceLayers(manifest, gathering);
    } catch (error) {
      gathering.failOnPart(error);
      return [];
    }
  };
  const layers = await Promise.all(
    examined.map(descriptor => limit(() => read(descriptor))),
  );
  return layers.flat();
}

/**
 * When there is too much to look at, evidence that is known to be sound is
 * asked for by its digest: a bundle in OCI has the digest of its blob.
 */
async function readKnown(
  known: ReadonlySet<string>,
  repository: OciRepository,
  gathering: Gathering,
): Promise<void> {
  for (const digest of [...known].slice(0, CAPS.kept)) {
    if (gathering.has(digest)) continue;
    try {
      const bytes = await repository.blob({ digest }, CAPS.documentBytes);
      gathering.addBundle(recognizeBundle(bytes), bytes);
    } catch (error) {
      gathering.fail(error);
    }
  }
}
