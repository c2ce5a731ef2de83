import { createHash } from 'node:crypto';
import { mediaTypes } from './mediaTypes.ts';

/** An OCI content descriptor. */
export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  artifactType?: string;
  annotations?: Record<string, string>;
  platform?: { os: string; architecture: string };
}

/** An OCI manifest or index, as far as it is read here. */
export interface Manifest {
  schemaVersion: 2;
  mediaType: string;
  artifactType?: string;
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: Descriptor[];
  subject?: Descriptor;
  annotations?: Record<string, string>;
}

/** sha256 of some bytes, as OCI writes it. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Describes some bytes. */
export function describe(bytes: Buffer, mediaType: string): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

/** One repository of a registry, over the OCI distribution API. */
export class OciRepository {
  readonly #base: string;

  /**
   * @param registry - http address of the registry
   * @param repository - path in it
   */
  constructor(registry: string, repository: string) {
    this.#base = `${registry}/v2/${repository}`;
  }

  /** Uploads a blob, in the one way that every registry knows. */
  async putBlob(bytes: Buffer, mediaType: string): Promise<Descriptor> {
    const blob = describe(bytes, mediaType);
    const uploads = `${this.#base}/blobs/uploads/`;
    const session = await request(uploads, { method: 'POST' });
    const target = new URL(session.headers.get('location') ?? '', uploads);
    target.searchParams.set('digest', blob.digest);
    await request(target.href, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array(bytes),
    });
    return blob;
  }

  /** Uploads a manifest or index under a tag, or without one under its digest. */
  async putManifest(manifest: Manifest, tag?: string): Promise<Descriptor> {
    const bytes = Buffer.from(JSON.stringify(manifest));
    const descriptor = describe(bytes, manifest.mediaType);
    await request(`${this.#base}/manifests/${tag ?? descriptor.digest}`, {
      method: 'PUT',
      headers: { 'content-type': manifest.mediaType },
      body: bytes,
    });
    return descriptor;
  }

  /** The bytes of a manifest or index, by tag or digest. */
  async manifest(reference: string): Promise<Buffer> {
    const accept = [mediaTypes.manifest, mediaTypes.index].join(', ');
    return body(
      await request(`${this.#base}/manifests/${reference}`, {
        headers: { accept },
      }),
    );
  }

  /** The bytes of a blob. */
  async blob(digest: string): Promise<Buffer> {
    return body(await request(`${this.#base}/blobs/${digest}`));
  }

  /** All tags. */
  async tags(): Promise<string[]> {
    const answer = await request(`${this.#base}/tags/list`);
    // Where there are none, some registries say null.
    return ((await answer.json()) as { tags: string[] | null }).tags ?? [];
  }

  /** What refers to a manifest, by the referrers API. */
  async referrers(digest: string): Promise<Descriptor[]> {
    const answer = await request(`${this.#base}/referrers/${digest}`);
    return ((await answer.json()) as { manifests: Descriptor[] }).manifests;
  }
}

async function request(
  address: string,
  init: RequestInit = {},
): Promise<Response> {
  const response = await fetch(address, init);
  if (!response.ok) {
    throw new Error(
      `${init.method ?? 'GET'} ${address}: ${
        response.status
      } ${await response.text()}`,
    );
  }
  return response;
}

async function body(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}
