import { emptyJson } from './artifacts.ts';
import { mediaTypes } from './mediaTypes.ts';
import { type Manifest, type OciRepository, describe } from './ociClient.ts';

/**
 * Attaches a bundle to a manifest or index as `cosign sign` does: a manifest
 * that names it as its subject.
 */
export async function attachBundle(
  repository: OciRepository,
  tag: string,
  bundle: Buffer,
  predicateType: string,
): Promise<void> {
  const bytes = await repository.manifest(tag);
  const { mediaType } = JSON.parse(bytes.toString()) as Manifest;
  await repository.putManifest({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: mediaTypes.bundle,
    config: await repository.putBlob(emptyJson, mediaTypes.empty),
    layers: [await repository.putBlob(bundle, mediaTypes.bundle)],
    subject: describe(bytes, mediaType),
    annotations: {
      'dev.sigstore.bundle.content': 'dsse-envelope',
      'dev.sigstore.bundle.predicateType': predicateType,
      'org.opencontainers.image.created': new Date()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z'),
    },
  });
}

/** The first bundle attached to a tag, and what its manifest says of it. */
export async function attachedBundle(
  repository: OciRepository,
  tag: string,
): Promise<{ bundle: Buffer; predicateType: string }> {
  const { digest } = describe(await repository.manifest(tag), '');
  const [referrer] = await repository.referrers(digest);
  const manifest: Manifest = JSON.parse(
    (await repository.manifest(referrer.digest)).toString(),
  );
  return {
    bundle: await repository.blob(manifest.layers![0].digest),
    predicateType: manifest.annotations!['dev.sigstore.bundle.predicateType'],
  };
}
