import pLimit from 'p-limit';
import { Descriptor, OciManifest } from '../resolve/ociDocuments';
import { OciRepository } from '../resolve/OciRepository';
import {
  assembleAttestation,
  assembleSimpleSigning,
  SIGNATURE_ANNOTATIONS,
} from './assembleEvidence';
import { BUNDLE_PREFIX, recognizeBundle } from './bundleMediaTypes';
import { CAPS } from './caps';
import { CollectTarget, EVIDENCE_SIMPLE_SIGNING } from './evidence';
import { Gathering } from './Gathering';

const SIMPLE_SIGNING_LAYER = 'application/vnd.dev.cosign.simplesigning.v1+json';
const ENVELOPE_LAYERS = [
  'application/vnd.dsse.envelope.v1+json',
  'application/vnd.in-toto+dsse',
];
// A statement by itself: whoever wrote it, nobody signed it.
const STATEMENT_LAYER = 'application/vnd.in-toto+json';

/**
 * Types of manifests whose layers are those of cosign's signature tags: cosign
 * 2 as it tried out referrers, Tekton Chains, and attestations of cosign 3.
 */
export const LAYERED_TYPES = [
  'application/vnd.dev.cosign.artifact.sig.v1+json',
  'application/vnd.dev.cosign.artifact.att.v1+json',
  'application/vnd.in-toto+json',
  'application/vnd.in-toto+dsse',
  'application/vnd.dsse.envelope.v1+json',
];

/**
 * Some registries tell the type of the configuration whatever the manifest says
 * of itself: go-containerregistry's, of every bundle, that of the empty one.
 */
export const EMPTY_CONFIG_TYPE = 'application/vnd.oci.empty.v1+json';

/** Signatures of Notation, which are named and not read. */
export const NOTATION_TYPE = 'application/vnd.cncf.notary.signature';

const LOOKS_LIKE_SIGNATURE = /signature|sigstore|cosign|in-toto|dsse|notary/;
const DESCRIBES_CONTENT = /sbom|spdx|cyclonedx/;

// What cosign writes on a bundle's manifest, and on a layer of its older tags.
const TYPE_ANNOTATIONS = ['dev.sigstore.bundle.predicateType', 'predicateType'];
const MAX_ANNOTATION = 255;

/** How many requests one source makes at a time. */
export const CONCURRENCY = 4;

/**
 * Finds the layers of an attached manifest that hold evidence, and notes what
 * looks like evidence and is not read.
 */
export function evidenceLayers(
  manifest: OciManifest,
  gathering: Gathering,
): Descriptor[] {
  const { layers, unread } = manifest;
  if (unread > 0) gathering.unsupported('a layer that cannot be read');
  const type = manifest.artifactType ?? manifest.config?.mediaType ?? '';
  if (type.startsWith(BUNDLE_PREFIX)) {
    const bundles = layers.filter(layer =>
      layer.mediaType.startsWith(BUNDLE_PREFIX),
    );
    if (bundles.length === 1) return bundles.map(keptOf);
    gathering.unsupported(`${type} with ${bundles.length} bundle layers`);
    return [];
  }
  const read = layers.filter(
    ({ mediaType }) =>
      mediaType === SIMPLE_SIGNING_LAYER || ENVELOPE_LAYERS.includes(mediaType),
  );
  const statements = layers.filter(
    ({ mediaType }) => mediaType === STATEMENT_LAYER,
  );
  if (statements.length > 0) {
    const detail = `${STATEMENT_LAYER}, a statement without a signature`;
    gathering.notice({ code: 'unsigned-document', detail });
  } else if (read.length === 0) {
    gathering.unsupported(layers[0]?.mediaType ?? (type || 'no layers'));
  }
  return read.map(keptOf);
}

/** Of a layer, only what is looked at later: whatever else is written on it. */
function keptOf({
  mediaType,
  digest,
  size,
  annotations,
}: Descriptor): Descriptor {
  const parts = SIGNATURE_ANNOTATIONS.flatMap(name => {
    const part = annotations?.[name];
    return part === undefined ? [] : [[name, part]];
  });
  return {
    mediaType,
    digest,
    size,
    annotations: {
      ...Object.fromEntries(parts),
      ...typeAnnotations(annotations),
    },
  };
}

/** Whether a type of manifests that is not read sounds like a signature. */
export function looksLikeSignature(type: string): boolean {
  return LOOKS_LIKE_SIGNATURE.test(type) && !describesContent(type);
}

/** Whether it is the type of a document about an artifact's contents (SBOM). */
export function describesContent(type: string): boolean {
  return DESCRIBES_CONTENT.test(type);
}

/** Those annotations that say which type of predicate an attestation has. */
export function typeAnnotations(
  annotations: Descriptor['annotations'],
): Record<string, string> {
  return Object.fromEntries(
    TYPE_ANNOTATIONS.flatMap(name => {
      const type = annotations?.[name];
      return type ? [[name, beginningOf(type)]] : [];
    }),
  );
}

/** A copy: a slice of a long text would keep all of it in memory. */
function beginningOf(text: string): string {
  return Buffer.from(text.slice(0, MAX_ANNOTATION)).toString();
}

/** Puts first what is annotated with a wanted predicate type. */
export function wantedFirst(
  descriptors: Descriptor[],
  wantedTypes: ReadonlySet<string> | undefined,
): Descriptor[] {
  return firstThose(descriptors, ({ annotations }) =>
    TYPE_ANNOTATIONS.some(name => wantedTypes?.has(annotations?.[name] ?? '')),
  );
}

function firstThose<T>(all: T[], isFirst: (one: T) => boolean): T[] {
  return [...all.filter(isFirst), ...all.filter(one => !isFirst(one))];
}

/**
 * Reads layers that hold evidence, what is known to be sound first, then what
 * policies ask for, and adds what they hold in this order.
 */
export async function readEvidenceLayers(
  layers: Descriptor[],
  context: {
    repository: OciRepository;
    gathering: Gathering;
    target: CollectTarget;
  },
): Promise<void> {
  const { repository, gathering, target } = context;
  const ordered = firstThose(
    wantedFirst(layers, target.wantedTypes),
    ({ digest }) => target.known.has(digest),
  );
  const { examined } = gathering;
  if (ordered.length > examined) {
    gathering.overCap(`holds more than ${examined} signature layers`);
  }
  const limit = pLimit(CONCURRENCY);
  const read = await Promise.all(
    ordered
      .slice(0, examined)
      .map(layer => limit(() => readLayer(layer, repository, gathering))),
  );
  ordered.slice(0, examined).forEach((layer, index) => {
    const bytes = read[index];
    if (bytes) addLayer(layer, bytes, gathering);
  });
}

async function readLayer(
  layer: Descriptor,
  repository: OciRepository,
  gathering: Gathering,
): Promise<Buffer | undefined> {
  try {
    gathering.reserve(layer.size);
    return await repository.blob(layer, CAPS.documentBytes);
  } catch (error) {
    gathering.failOnPart(error);
    return undefined;
  }
}

function addLayer(layer: Descriptor, bytes: Buffer, gathering: Gathering) {
  const { mediaType, annotations } = layer;
  if (mediaType === SIMPLE_SIGNING_LAYER) {
    const assembled = assembleSimpleSigning(annotations, bytes);
    gathering.add(EVIDENCE_SIMPLE_SIGNING, assembled);
  } else if (ENVELOPE_LAYERS.includes(mediaType)) {
    const assembled = assembleAttestation(annotations, bytes);
    gathering.add(assembled.mediaType, assembled.bytes);
  } else {
    gathering.addBundle(recognizeBundle(bytes), bytes);
  }
}
