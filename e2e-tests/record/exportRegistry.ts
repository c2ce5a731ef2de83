import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mediaTypes } from './mediaTypes.ts';
import {
  type Descriptor,
  type Manifest,
  OciRepository,
  describe,
} from './ociClient.ts';

const tagName = 'org.opencontainers.image.ref.name';

/**
 * Copies a repository of a registry into an OCI image layout: every tag, every
 * child of an index, everything that refers to any of them, and their blobs.
 *
 * @param registry - http address of the registry
 * @param folder - the layout's folder
 */
export async function exportRepository(
  registry: string,
  repository: string,
  folder: string,
): Promise<void> {
  const source = new OciRepository(registry, repository);
  const blobs = path.join(folder, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const keep = (bytes: Buffer) => {
    const { digest } = describe(bytes, '');
    return writeFile(path.join(blobs, digest.slice('sha256:'.length)), bytes);
  };
  const listed: Descriptor[] = [];

  const copy = async (
    reference: string,
    list: boolean,
    tag?: string,
  ): Promise<void> => {
    const bytes = await source.manifest(reference);
    const manifest: Manifest = JSON.parse(bytes.toString());
    const descriptor = describe(
      bytes,
      manifest.mediaType ?? mediaTypes.manifest,
    );
    await keep(bytes);
    if (list) {
      listed.push({
        ...descriptor,
        ...(manifest.artifactType
          ? { artifactType: manifest.artifactType }
          : {}),
        ...(tag ? { annotations: { [tagName]: tag } } : {}),
      });
    }
    for (const blob of [manifest.config, ...(manifest.layers ?? [])]) {
      if (blob) await keep(await source.blob(blob.digest));
    }
    for (const child of manifest.manifests ?? [])
      await copy(child.digest, false);
    for (const referrer of inStableOrder(
      await source.referrers(descriptor.digest),
    )) {
      await copy(referrer.digest, true);
    }
  };

  for (const tag of (await source.tags()).sort()) await copy(tag, true, tag);
  await writeFile(
    path.join(folder, 'oci-layout'),
    json({ imageLayoutVersion: '1.0.0' }),
  );
  await writeFile(
    path.join(folder, 'index.json'),
    json({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: listed }),
  );
}

/** By what they hold and when they were made, so that a recording can be compared with another. */
function inStableOrder(referrers: Descriptor[]): Descriptor[] {
  const key = ({ annotations = {} }: Descriptor) =>
    [
      annotations['dev.sigstore.bundle.predicateType'],
      annotations['org.opencontainers.image.created'],
    ].join(' ');
  return [...referrers].sort((a, b) => key(a).localeCompare(key(b), 'en'));
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
