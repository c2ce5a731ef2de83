import pLimit from 'p-limit';
import { failedAs } from '../outbound/OutboundError';
import { Descriptor } from '../resolve/ociDocuments';
import { OciRepository } from '../resolve/OciRepository';
import {
  CONCURRENCY,
  describesContent,
  EMPTY_CONFIG_TYPE,
  evidenceLayers,
  LAYERED_TYPES,
  looksLikeSignature,
  readEvidenceLayers,
  wantedFirst,
} from './attachedLayers';
import { BUNDLE_PREFIX, recognizeBundle } from './bundleMediaTypes';
import { CAPS } from './caps';
import { CollectTarget, EvidenceSource } from './evidence';
import { Gathering } from './Gathering';
import { askRepositories, SignatureRepository } from './ociPlaces';
import { listReferrers } from './referrersList';

const UNTOLD_TYPES = ['', EMPTY_CONFIG_TYPE];

/**
 * Evidence among the referrers of an OCI artifact: what cosign 3 writes. Asks
 * the referrers API and, where a registry has none, the tag that stands in for
 * it (OCI distribution specification 1.1). One lookup covers both.
 *
 * @param separate - repositories that hold the signatures of others
 */
export function ociReferrers(
  separate: readonly SignatureRepository[] = [],
): EvidenceSource {
  return {
    name: 'oci-referrers',
    covers: reference => reference.type === 'oci',
    collect: (target, ports) =>
      askRepositories('referrers', { target, ports, separate }, askReferrers),
  };
}

/** Reads the evidence that refers to one artifact. Throws `OutboundError`. */
export async function askReferrers(
  repository: OciRepository,
  gathering: Gathering,
  target: CollectTarget,
): Promise<void> {
  const { artifact, known, wantedTypes } = target;
  try {
    const listing = await listReferrers(repository, artifact.digest);
    const candidates = select(listing.descriptors, gathering, wantedTypes);
    if (listing.unread > 0) {
      gathering.unsupported('an entry among the referrers that cannot be read');
    }
    if (candidates.length === 0) nameDocuments(listing.descriptors, gathering);
    const layers = await readManifests(
      candidates.slice(0, gathering.examined),
      repository,
      gathering,
    );
    await readEvidenceLayers(layers, { repository, gathering, target });
    if (!listing.complete || candidates.length > gathering.examined) {
      gathering.overCap('lists more evidence than is looked at');
    }
  } catch (error) {
    if (!failedAs(error, 'over-cap')) throw error;
    gathering.fail(error);
  }
  // Of what is too much, what is known to be sound is read still.
  if (gathering.isOverCap) await readKnown(known, repository, gathering);
}

/**
 * Chooses which referrers to look at: what policies ask for first, then other
 * bundles, then the rest.
 */
function select(
  descriptors: Descriptor[],
  gathering: Gathering,
  wantedTypes: ReadonlySet<string> | undefined,
): Descriptor[] {
  const bundles: Descriptor[] = [];
  const others: Descriptor[] = [];
  for (const descriptor of descriptors) {
    const type = descriptor.artifactType ?? '';
    if (type.startsWith(BUNDLE_PREFIX)) {
      bundles.push(descriptor);
    } else if (UNTOLD_TYPES.includes(type) || LAYERED_TYPES.includes(type)) {
      others.push(descriptor);
    } else if (looksLikeSignature(type)) {
      gathering.unsupported(type);
    }
  }
  return wantedFirst([...bundles, ...others], wantedTypes);
}

/** Where there is nothing else, what lies there unsigned is worth telling. */
function nameDocuments(descriptors: Descriptor[], gathering: Gathering) {
  const types = descriptors.flatMap(({ artifactType }) => artifactType ?? []);
  for (const type of new Set(types.filter(describesContent))) {
    gathering.notice({ code: 'unsigned-document', detail: type });
  }
}

async function readManifests(
  examined: Descriptor[],
  repository: OciRepository,
  gathering: Gathering,
): Promise<Descriptor[]> {
  const limit = pLimit(CONCURRENCY);
  const read = async (descriptor: Descriptor) => {
    try {
      const { digest, size } = descriptor;
      gathering.reserve(size);
      const document = await repository.manifest(digest);
      // A list that understates a size gains nothing by it.
      gathering.reserve(Math.max(document.size - size, 0));
      if (document.type !== 'manifest') return [];
      const { manifest } = document;
      const type = manifest.artifactType ?? manifest.config?.mediaType ?? '';
      // A list without types names everything that refers here, also what is
      // no evidence at all.
      const isEvidence =
        type.startsWith(BUNDLE_PREFIX) || LAYERED_TYPES.includes(type);
      if (!isEvidence && !looksLikeSignature(type)) return [];
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
