import path from 'node:path';
import { upload } from '../../record/artifacts.ts';
import {
  type Manifest,
  OciRepository,
  digestOf,
} from '../../record/ociClient.ts';
import type { Stack } from '../stack.ts';
import { apart, imageOf, repositoryOf, versions } from './cases.ts';
import type { LogRecord } from './cosignAnswer.ts';
import type { Means } from './means.ts';
import { attachToOther } from './otherArtifact.ts';
import type { Signed } from './signFor.ts';
import { signWay } from './signWay.ts';
import type { Way } from './ways.ts';

/** Makes two images, and has cosign sign the one. */
export async function signedImage(
  way: Way,
  stack: Stack,
  means: Means,
  dir: string,
): Promise<Signed> {
  const registry =
    stack.loopback[way.place === 'distribution' ? way.place : 'registry'];
  const repository = repositoryOf(way);
  for (const tag of Object.values(versions)) {
    const source = 'acme/checkout';
    await upload(registry, {
      kind: way.isIndex ? 'multi-arch-image' : 'image',
      ...{ repository, tag, source, evidence: [] },
    });
  }
  const bundle = path.join(dir, `${way.name}.json`);
  const image = `${imageOf(way)}:${versions.signed}`;
  await signWay(way, image, bundle, means);
  if (way.alsoBy) {
    const second: Way = {
      ...{ ...way, by: way.alsoBy, format: 'bundle', log: 'rekor' },
    };
    await signWay(second, image, `${bundle}.second`, means);
  }
  const oci = new OciRepository(registry, repository);
  await attachToOther(
    { from: versions.signed, to: versions.other, images: oci },
    way.place === 'separate'
      ? new OciRepository(registry, apart.evidence)
      : oci,
    way.place !== 'distribution',
  );
  const platform = await firstPlatform(oci);
  return {
    target: artifact =>
      artifact === 'platform'
        ? `${imageOf(way)}@${platform}`
        : `${imageOf(way)}:${versions[artifact]}`,
    // As one that runs is named: by its index and by itself.
    reference: artifact =>
      artifact === 'platform'
        ? `${image}@${platform}`
        : `${imageOf(way)}:${versions[artifact]}`,
    logged: way.format === 'bundle' ? { bundle } : await legacyRecord(way, oci),
  };
}

async function firstPlatform(
  repository: OciRepository,
): Promise<string | undefined> {
  const index = await repository.manifest(versions.signed);
  return (JSON.parse(index.toString()) as Manifest).manifests?.[0].digest;
}

async function legacyRecord(
  way: Way,
  repository: OciRepository,
): Promise<LogRecord> {
  if (way.made === 'signature') return 'output';
  const digest = digestOf(await repository.manifest(versions.signed));
  const attached = await repository.manifest(`${digest.replace(':', '-')}.att`);
  const [{ annotations }] = JSON.parse(attached.toString()).layers;
  return { annotation: annotations['dev.sigstore.cosign/bundle'] };
}
