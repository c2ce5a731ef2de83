import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Descriptor, type Manifest, describe } from './ociClient.ts';

const tagName = 'org.opencontainers.image.ref.name';

/** Changes an OCI image layout so that every digest in it is right again. */
export class LayoutEditor {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The digest a tag points to. */
  resolve(tag: string): string {
    const found = this.#listed().find(
      one => one.annotations?.[tagName] === tag,
    );
    if (!found) throw new Error(`${this.#folder} has no tag ${tag}`);
    return found.digest;
  }

  /** Manifests that are evidence about a digest: its referrers and its older tags. */
  evidenceOf(digest: string): string[] {
    const olderTags = olderTagsOf(digest);
    return this.#listed()
      .filter(
        one =>
          olderTags.includes(one.annotations?.[tagName] ?? '') ||
          this.manifest(one.digest).subject?.digest === digest,
      )
      .map(one => one.digest);
  }

  manifest(digest: string): Manifest {
    return JSON.parse(this.blob(digest).toString()) as Manifest;
  }

  blob(digest: string): Buffer {
    return readFileSync(this.#file(digest));
  }

  /** Replaces the content of a listed manifest's only layer. */
  replaceLayer(manifestDigest: string, content: Buffer): string {
    const manifest = this.manifest(manifestDigest);
    const [layer, ...more] = manifest.layers ?? [];
    if (!layer || more.length > 0)
      throw new Error(`${manifestDigest} has not one layer`);
    rmSync(this.#file(layer.digest));
    const { digest, size } = describe(content, layer.mediaType);
    writeFileSync(this.#file(digest), content);
    return this.replaceManifest(manifestDigest, {
      ...manifest,
      layers: [{ ...layer, digest, size }],
    });
  }

  /**
   * Replaces a listed manifest or index. What pointed to the old one, be it a
   * tag, a referrer or an older tag for its evidence, points to the new one.
   *
   * @returns its new digest
   */
  replaceManifest(oldDigest: string, manifest: Manifest): string {
    const bytes = Buffer.from(JSON.stringify(manifest));
    const { digest, size } = describe(bytes, manifest.mediaType);
    if (digest === oldDigest) return digest;
    rmSync(this.#file(oldDigest));
    writeFileSync(this.#file(digest), bytes);
    this.#list(
      this.#listed().map(one => renamed(one, oldDigest, digest, size)),
    );
    for (const one of this.#listed()) {
      const referrer = this.manifest(one.digest);
      if (referrer.subject?.digest === oldDigest) {
        const subject = { ...referrer.subject, digest, size };
        this.replaceManifest(one.digest, { ...referrer, subject });
      }
    }
    return digest;
  }

  #listed(): Descriptor[] {
    return (
      JSON.parse(readFileSync(this.#index, 'utf8')) as {
        manifests: Descriptor[];
      }
    ).manifests;
  }

  #list(manifests: Descriptor[]): void {
    const index = JSON.parse(readFileSync(this.#index, 'utf8')) as object;
    writeFileSync(
      this.#index,
      `${JSON.stringify({ ...index, manifests }, null, 2)}\n`,
    );
  }

  get #index(): string {
    return path.join(this.#folder, 'index.json');
  }

  #file(digest: string): string {
    return path.join(
      this.#folder,
      'blobs',
      'sha256',
      digest.replace('sha256:', ''),
    );
  }
}

/** The tags under which cosign's older layout keeps evidence about a digest. */
function olderTagsOf(digest: string): string[] {
  return ['sig', 'att'].map(suffix => `${digest.replace(':', '-')}.${suffix}`);
}

function renamed(
  one: Descriptor,
  from: string,
  to: string,
  size: number,
): Descriptor {
  if (one.digest === from) return { ...one, digest: to, size };
  const tag = one.annotations?.[tagName];
  const position = olderTagsOf(from).indexOf(tag ?? '');
  if (position < 0) return one;
  return {
    ...one,
    annotations: { ...one.annotations, [tagName]: olderTagsOf(to)[position] },
  };
}
