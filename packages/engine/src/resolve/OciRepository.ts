import { createHash } from 'node:crypto';
import { isSha256Digest } from '@cloudythings/backstage-plugin-sigstore-common';
import { OutboundError, OutboundResponse } from '../outbound';
import {
  Descriptor,
  MANIFEST_TYPES,
  OCI_INDEX,
  OciDocument,
  OciIndex,
  readOciDocument,
  readTags,
} from './ociDocuments';
import { SourcePorts } from './ports';

// What the distribution specification tells registries to accept at least.
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/** A manifest with the digest that was computed from its bytes. */
export type FetchedManifest = OciDocument & { digest: string; size: number };

/** One page of the referrers of a manifest. */
export type ReferrersPage = {
  index: OciIndex;
  next?: string;
  /** Whether the registry filtered by the artifact type it was asked for. */
  filtered: boolean;
};

/**
 * Reads one repository of an OCI registry. Every byte that comes back is
 * hashed here; no digest a registry states is taken for granted.
 *
 * All methods throw `OutboundError`.
 */
export class OciRepository {
  readonly host: string;
  readonly #repository: string;
  readonly #ports: Pick<SourcePorts, 'outbound' | 'signal'>;

  constructor(
    reference: { host: string; repository: string },
    ports: Pick<SourcePorts, 'outbound' | 'signal'>,
  ) {
    this.host = reference.host;
    this.#repository = reference.repository;
    this.#ports = ports;
  }

  /** Reads a manifest or index by tag or digest. */
  async manifest(tagOrDigest: string): Promise<FetchedManifest> {
    const response = await this.#get(`manifests/${tagOrDigest}`, {
      accept: MANIFEST_TYPES,
      maxBytes: MAX_MANIFEST_BYTES,
    });
    const digest = sha256(response.body);
    const asked = isSha256Digest(tagOrDigest) ? tagOrDigest : undefined;
    const announced = response.headers['docker-content-digest'];
    if (asked && asked !== digest) throw this.#otherBytes('a manifest');
    if (announced && isSha256Digest(announced) && announced !== digest) {
      throw this.#otherBytes('a manifest');
    }
    const document = readOciDocument(response.body, {
      host: this.host,
      contentType: response.headers['content-type'],
      confirmed: asked === digest,
    });
    return { ...document, digest, size: response.body.length };
  }

  /** Reads a blob of at most `maxBytes`. */
  async blob(
    descriptor: Pick<Descriptor, 'digest'> & { size?: number },
    maxBytes: number,
  ): Promise<Buffer> {
    const { digest, size } = descriptor;
    if (!isSha256Digest(digest)) {
      const words = `names a blob by a digest that is not read (${digest})`;
      throw new OutboundError('unsupported', this.host, words);
    }
    if (size !== undefined && size > maxBytes) {
      const words = `holds a document of more than ${maxBytes} bytes`;
      throw new OutboundError('over-cap', this.host, words);
    }
    // A manifest that understates a size gains nothing by it.
    const { body } = await this.#get(`blobs/${digest}`, {
      maxBytes: size ?? maxBytes,
    });
    if (sha256(body) !== digest) throw this.#otherBytes('a blob');
    return body;
  }

  /**
   * Reads one page of what refers to a manifest, from the referrers API.
   *
   * @param query - from `next` of the page before, or the one to filter by a type
   */
  async referrers(digest: string, query = ''): Promise<ReferrersPage> {
    const response = await this.#get(`referrers/${digest}${query}`, {
      accept: OCI_INDEX,
      maxBytes: MAX_MANIFEST_BYTES,
    });
    const document = readOciDocument(response.body, {
      host: this.host,
      contentType: response.headers['content-type'],
      confirmed: false,
    });
    if (document.type !== 'index') {
      throw new OutboundError(
        'unsupported',
        this.host,
        `answers for referrers with ${document.mediaType}`,
      );
    }
    const next = nextQuery(response.headers.link);
    const { annotations } = document.index;
    const applied =
      response.headers['oci-filters-applied'] ??
      annotations['org.opencontainers.referrers.filtersApplied'];
    const filtered = `${applied}`.split(/\s*,\s*/).includes('artifactType');
    return { index: document.index, ...(next ? { next } : {}), filtered };
  }

  /**
   * Reads one page of the tags of the repository.
   *
   * @param query - from `next` of the page before
   */
  async tags(query: string): Promise<{ tags: string[]; next?: string }> {
    const { body, headers } = await this.#get(`tags/list${query}`, {
      accept: 'application/json',
      maxBytes: MAX_MANIFEST_BYTES,
    });
    const next = nextQuery(headers.link);
    return { tags: readTags(body, this.host), ...(next ? { next } : {}) };
  }

  #get(
    path: string,
    options: { accept?: string; maxBytes: number },
  ): Promise<OutboundResponse> {
    const { outbound, signal } = this.#ports;
    return outbound.get(`https://${this.host}/v2/${this.#repository}/${path}`, {
      ...options,
      signal,
      repositoryScope: this.#repository,
    });
  }

  #otherBytes(what: string): OutboundError {
    const words = `answered with ${what} whose bytes have another digest`;
    return new OutboundError('unreachable', this.host, words);
  }
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Only the query of a next page is taken over; the address stays ours. */
function nextQuery(link: string | undefined): string | undefined {
  const [, target] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '') ?? [];
  if (!target) return undefined;
  return URL.parse(target, 'https://registry.invalid/')?.search || undefined;
}
