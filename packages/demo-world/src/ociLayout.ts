import type { Folder } from './folder.ts';

const tagName = 'org.opencontainers.image.ref.name';
const digestPattern = /^sha256:([0-9a-f]{64})$/;

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  artifactType?: string;
  annotations?: Record<string, string>;
}

interface Manifest {
  mediaType?: string;
  artifactType?: string;
  config?: Descriptor;
  subject?: Descriptor;
  annotations?: Record<string, string>;
}

/** Bytes of a manifest or index, with what HTTP says of them. */
export interface StoredManifest {
  bytes: Buffer;
  digest: string;
  mediaType: string;
}

/** A repository kept as an OCI image layout (image-spec, image-layout.md). */
export class OciLayout {
  readonly #folder: Folder;
  readonly #path: string[];

  /** @param repository - name of the repository: the path of its layout in the folder */
  constructor(folder: Folder, repository: string) {
    this.#folder = folder;
    this.#path = repository.split('/');
  }

  /** All tags in order, or undefined when there is no such repository. */
  async tags(): Promise<string[] | undefined> {
    const listed = await this.#listed();
    return listed
      ?.flatMap(({ annotations }) => annotations?.[tagName] ?? [])
      .sort();
  }

  /** A blob by its digest. */
  async blob(digest: string): Promise<Buffer | undefined> {
    const hex = digestPattern.exec(digest)?.[1];
    return hex
      ? this.#folder.read(...this.#path, 'blobs', 'sha256', hex)
      : undefined;
  }

  /** A manifest or index by tag or digest. */
  async manifest(reference: string): Promise<StoredManifest | undefined> {
    const digest = digestPattern.test(reference)
      ? reference
      : (await this.#listed())?.find(
          one => one.annotations?.[tagName] === reference,
        )?.digest;
    const bytes = digest && (await this.blob(digest));
    if (!bytes) return undefined;
    const mediaType = parse(bytes)?.mediaType;
    return mediaType ? { bytes, digest, mediaType } : undefined;
  }

  /**
   * What refers to a digest (distribution-spec, listing referrers): every listed
   * manifest that names it as its subject, described with its artifact type and
   * annotations. Undefined when there is no such repository.
   */
  async referrers(subject: string): Promise<Descriptor[] | undefined> {
    const listed = await this.#listed();
    if (!listed) return undefined;
    const found: Descriptor[] = [];
    for (const { digest, size, mediaType } of listed) {
      const bytes = await this.blob(digest);
      const manifest = bytes && parse(bytes);
      if (manifest?.subject?.digest !== subject) continue;
      found.push({
        mediaType,
        digest,
        size,
        artifactType: manifest.artifactType ?? manifest.config?.mediaType,
        annotations: manifest.annotations,
      });
    }
    return found;
  }

  async #listed(): Promise<Descriptor[] | undefined> {
    const index = await this.#folder.read(...this.#path, 'index.json');
    return (
      index &&
      (JSON.parse(index.toString()) as { manifests: Descriptor[] }).manifests
    );
  }
}

function parse(bytes: Buffer): Manifest | undefined {
  try {
    return JSON.parse(bytes.toString()) as Manifest;
  } catch {
    return undefined;
  }
}
