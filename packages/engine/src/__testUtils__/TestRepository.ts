import { createHash } from 'node:crypto';
import { TestServer } from './TestServer';

export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';
export const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

export type TestDescriptor = {
  mediaType: string;
  digest: string;
  size: number;
  artifactType?: string;
  annotations?: Record<string, string>;
};

export function sha256(bytes: Buffer | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/**
 * An OCI repository served by a test server: manifests and blobs under their
 * digests, tags, and lists of referrers.
 */
export class TestRepository {
  readonly path: string;
  readonly #server: TestServer;

  constructor(server: TestServer, repository: string) {
    this.#server = server;
    this.path = `/v2/${repository}`;
  }

  blob(bytes: Buffer | string, mediaType: string): TestDescriptor {
    const digest = sha256(bytes);
    this.#server.on(`${this.path}/blobs/${digest}`, {
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    return { mediaType, digest, size: Buffer.byteLength(bytes) };
  }

  manifest(
    content: { artifactType?: string; layers: TestDescriptor[] },
    tag?: string,
  ): TestDescriptor {
    const { artifactType } = content;
    const config = this.blob('{}', 'application/vnd.oci.empty.v1+json');
    const json = { schemaVersion: 2, mediaType: MANIFEST, config, ...content };
    const descriptor = this.document(json, MANIFEST, tag);
    return { ...descriptor, ...(artifactType ? { artifactType } : {}) };
  }

  index(manifests: unknown[], tag?: string): TestDescriptor {
    const json = { schemaVersion: 2, mediaType: INDEX, manifests };
    return this.document(json, INDEX, tag);
  }

  document(json: unknown, mediaType: string, tag?: string): TestDescriptor {
    const body = JSON.stringify(json);
    const digest = sha256(body);
    const headers = {
      'content-type': mediaType,
      'docker-content-digest': digest,
    };
    for (const name of tag ? [digest, tag] : [digest]) {
      this.#server.on(`${this.path}/manifests/${name}`, { headers, body });
    }
    return { mediaType, digest, size: body.length };
  }

  /** An attached manifest with one layer, as cosign 3 writes it. */
  bundle(bytes: Buffer | string, artifactType = BUNDLE): TestDescriptor {
    const layers = [this.blob(bytes, artifactType)];
    return this.manifest({ artifactType, layers });
  }

  referrers(digest: string, manifests: unknown[], query = '', link = ''): void {
    this.#server.on(`${this.path}/referrers/${digest}${query}`, {
      headers: { 'content-type': INDEX, ...(link ? { link } : {}) },
      body: JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }),
    });
  }
}
