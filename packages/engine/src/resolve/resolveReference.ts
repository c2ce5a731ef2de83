import {
  FindingCode,
  isSha256Digest,
  Lookup,
  ParsedReference,
  StoredObject,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { HashedBytes, OutboundError } from '../outbound';
import { describeFailure } from './failures';
import { hashLocalFile } from './localFiles';
import { newestRelease } from './newestRelease';
import { Descriptor } from './ociDocuments';
import { OciRepository } from './OciRepository';
import { NO_BUCKETS, ObjectReference } from './ObjectStore';
import { findParentIndexes } from './parentIndexes';
import { placeOf } from './places';
import { SourcePorts } from './ports';

// Plans and archives are hashed without being kept, so the limit is about time
// and traffic rather than memory.
const MAX_BLOB_BYTES = 1024 * 1024 * 1024;
const MAX_CHILDREN = 1000;
const DOCKER_REFERENCE_TYPE = 'vnd.docker.reference.type';

/**
 * The bytes that a reference pointed at when it was asked.
 *
 * @public
 */
export type ResolvedArtifact = {
  digest: string;
  /** The tag that a reference to the newest release led to. */
  tag?: string;
  /**
   * `sha384:…` and `sha512:…` of the same bytes, where they were hashed here:
   * statements about packages of npm name nothing else.
   */
  otherDigests?: string[];
  mediaType: string;
  size: number;
  /** What an index lists; empty for everything else. */
  children: {
    digest: string;
    mediaType: string;
    size: number;
    platform?: string;
    /** An attestation manifest of BuildKit: no platform, and not signed. */
    isAttestation?: true;
  }[];
  /**
   * Digests of indexes that list this manifest, as their bytes that were hashed
   * here say: what is signed of such an index covers this platform of it.
   */
  parents?: string[];
  /** How an object store keeps it, as the store says. */
  storage?: StoredObject;
};

/**
 * How resolving a reference went; `artifact` or `failure`, never both.
 *
 * @public
 */
export type ResolveResult = {
  lookup: Lookup;
  artifact?: ResolvedArtifact;
  failure?: FindingCode;
  /** Of the index that lists the artifact, where it could not be asked for. */
  indexLookup?: Lookup;
};

/**
 * Asks which digest a reference points at now. Everything after speaks of that
 * digest, never of the reference again.
 *
 * OCI manifests are read and hashed, whatever digest the registry states;
 * files are hashed while they are read and not kept. Never throws: a failure
 * comes back as the outcome of the lookup and the code of its finding.
 *
 * @param reference - from `parseReference`
 *
 * @public
 */
export async function resolveReference(
  reference: ParsedReference,
  ports: SourcePorts,
): Promise<ResolveResult> {
  const asked = {
    source: `${placeOf(reference)} artifact`,
    askedAt: ports.now().toISOString(),
  };
  try {
    const artifact = await resolve(reference, ports);
    const lookup: Lookup = { ...asked, outcome: 'found' };
    if (artifact.children.length > 0) return { lookup, artifact };
    const { parents, unanswered } = await findParentIndexes(
      reference,
      artifact.digest,
      ports,
    );
    return {
      lookup,
      artifact: parents.length > 0 ? { ...artifact, parents } : artifact,
      ...(unanswered ? { indexLookup: unanswered } : {}),
    };
  } catch (error) {
    const { code, ...answer } = describeFailure(error);
    return { lookup: { ...asked, ...answer }, failure: code };
  }
}

function resolve(
  reference: ParsedReference,
  ports: SourcePorts,
): Promise<ResolvedArtifact> {
  switch (reference.type) {
    case 'oci':
      return resolveOci(reference, ports);
    case 'https':
      return resolveBlob(
        ports.outbound.digest(reference.url, {
          maxBytes: MAX_BLOB_BYTES,
          signal: ports.signal,
        }),
      );
    case 's3':
      return resolveObject(reference, ports);
    case 'file':
      return resolveBlob(
        hashLocalFile(reference.path, ports.fileRoots, {
          maxBytes: MAX_BLOB_BYTES,
          signal: ports.signal,
        }),
      );
    default:
      throw new Error('a reference of an unknown type');
  }
}

async function resolveObject(
  reference: ObjectReference,
  ports: SourcePorts,
): Promise<ResolvedArtifact> {
  const { storage, ...hashed } = await (ports.buckets ?? NO_BUCKETS).hash(
    reference,
    { maxBytes: MAX_BLOB_BYTES, signal: ports.signal },
  );
  const artifact = await resolveBlob(Promise.resolve(hashed));
  return { ...artifact, storage: { ...storage, role: 'artifact' } };
}

async function resolveBlob(
  hashing: Promise<HashedBytes>,
): Promise<ResolvedArtifact> {
  // What a store says about the type of a file is not covered by any digest.
  const mediaType = 'application/octet-stream';
  return { ...(await hashing), mediaType, children: [] };
}

async function resolveOci(
  reference: Extract<ParsedReference, { type: 'oci' }>,
  ports: SourcePorts,
): Promise<ResolvedArtifact> {
  const repository = new OciRepository(reference, ports);
  const tag = reference.newest
    ? await newestRelease(repository, ports.now)
    : reference.tag;
  const document = await repository.manifest(
    reference.digest ?? tag ?? 'latest',
  );
  const { digest, mediaType, size } = document;
  const listed = document.type === 'index' ? document.index.manifests : [];
  if (listed.length > MAX_CHILDREN) {
    const words = `holds an index of more than ${MAX_CHILDREN} manifests`;
    throw new OutboundError('over-cap', reference.host, words);
  }
  const children = listed
    .filter(child => isSha256Digest(child.digest))
    .map(toChild);
  const newest = reference.newest && tag ? { tag } : {};
  return { digest, ...newest, mediaType, size, children };
}

function toChild(child: Descriptor): ResolvedArtifact['children'][number] {
  const { digest, mediaType, size, platform, annotations } = child;
  const described = { digest, mediaType, size };
  if (annotations?.[DOCKER_REFERENCE_TYPE] === 'attestation-manifest') {
    return { ...described, isAttestation: true };
  }
  if (!platform) return described;
  const { os, architecture, variant } = platform;
  const words = [os, architecture, variant].filter(Boolean).join('/');
  return { ...described, platform: words };
}
