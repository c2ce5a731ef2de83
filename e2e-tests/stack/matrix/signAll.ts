import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { upload } from '../../record/artifacts.ts';
import type { Cosign } from '../../record/cosign.ts';
import { OciRepository, digestOf } from '../../record/ociClient.ts';
import { writeSigningConfig } from '../../record/trustMaterial.ts';
import { addressOf } from '../names.ts';
import type { Stack } from '../stack.ts';
import { type Case, apart, imageOf, repositoryOf, versions } from './cases.ts';
import type { LogRecord } from './cosignAnswer.ts';
import { attachToOther } from './otherArtifact.ts';
import { type SigningMeans, predicates, signWay } from './signWay.ts';
import type { Way } from './ways.ts';

/** Where what a way signed lies, for cosign and for the backend. */
export interface Signed {
  /** what cosign is given: the name of an image, or the path of a file */
  target(artifact: Case['artifact']): string;
  /** what an entity declares */
  reference(artifact: Case['artifact']): string;
  /** where cosign says which log entry it made */
  logged: LogRecord;
  /** path of the bundle of a file */
  bundle?: string;
}

/**
 * Makes what cosign signs with: configurations, keys and predicates; and makes
 * the stack the instance that it trusts by default.
 */
export async function signingMeans(
  stack: Stack,
  cosign: Cosign,
  dir: string,
): Promise<SigningMeans & { otherKey: SigningMeans['key'] }> {
  const file = (name: string) => path.join(dir, name);
  const signingConfigs = {
    rekor: file('signing-config-rekor.json'),
    rekorV1: file('signing-config-rekor-v1.json'),
    none: file('signing-config-unlogged.json'),
  };
  await writeSigningConfig(cosign, signingConfigs.rekor, 'rekor');
  await writeSigningConfig(cosign, signingConfigs.rekorV1, 'rekorV1');
  await writeSigningConfig(cosign, signingConfigs.none, undefined);
  await cosign.run([
    'initialize',
    `--mirror=${addressOf('tuf')}`,
    `--root=${path.join(stack.dir, 'tuf', '1.root.json')}`,
  ]);
  const keyPair = async (name: string) => {
    const prefix = `--output-key-prefix=${file(name)}`;
    await cosign.run(['generate-key-pair', prefix]);
    return { private: file(`${name}.key`), public: file(`${name}.pub`) };
  };
  const predicate = (name: keyof typeof predicates) => {
    writeFileSync(file(`${name}.json`), JSON.stringify(predicates[name]));
    return file(`${name}.json`);
  };
  return {
    cosign,
    issuerKey: stack.issuerKey,
    trustedRoot: path.join(stack.dir, 'trusted_root.json'),
    signingConfigs,
    key: await keyPair('key'),
    otherKey: await keyPair('other-key'),
    predicates: {
      provenance: predicate('provenance'),
      sbom: predicate('sbom'),
    },
  };
}

/**
 * Makes two artifacts for a way of signing, has cosign sign the one, and puts
 * its evidence beside the other too.
 *
 * @param dir - for bundles; files are signed in `blobs` in it
 */
export async function signFor(
  way: Way,
  stack: Stack,
  means: SigningMeans,
  dir: string,
): Promise<Signed> {
  return way.made === 'blob-signature'
    ? signedFile(way, means, dir)
    : signedImage(way, stack, means, dir);
}

async function signedImage(
  way: Way,
  stack: Stack,
  means: SigningMeans,
  dir: string,
): Promise<Signed> {
  const registry =
    stack.loopback[way.place === 'distribution' ? way.place : 'registry'];
  const repository = repositoryOf(way);
  for (const tag of Object.values(versions)) {
    const source = 'acme/checkout';
    await upload(registry, {
      ...{ kind: 'image', repository, tag, source, evidence: [] },
    });
  }
  const bundle = path.join(dir, `${way.name}.json`);
  const image = imageOf(way, 'signed');
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
  return {
    target: artifact => imageOf(way, artifact),
    reference: artifact => imageOf(way, artifact),
    logged: way.format === 'bundle' ? { bundle } : await legacyRecord(way, oci),
  };
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

async function signedFile(
  way: Way,
  means: SigningMeans,
  dir: string,
): Promise<Signed> {
  const folder = path.join(dir, 'blobs', way.name);
  mkdirSync(folder, { recursive: true });
  const file = (artifact: Case['artifact']) =>
    path.join(folder, `plan-${versions[artifact]}.json`);
  const suffix = way.format === 'bundle' ? '.sigstore.json' : '.bundle';
  const beside = (name: string) => `${name}${suffix}`;
  // cosign needs the bundle in any case; the backend does not look elsewhere.
  const kept = (name: string) =>
    way.place === 'log' ? path.join(dir, `${way.name}.json`) : beside(name);
  for (const artifact of ['signed', 'other'] as const)
    writeFileSync(file(artifact), JSON.stringify({ plan: way.name, artifact }));
  const bundle = kept(file('signed'));
  await signWay(way, file('signed'), bundle, means);
  if (way.place === 'file') await copyFile(bundle, beside(file('other')));
  return {
    target: file,
    reference: artifact => `file:${file(artifact)}`,
    logged: way.format === 'bundle' ? { bundle } : legacyBlobRecord(bundle),
    bundle,
  };
}

function legacyBlobRecord(bundle: string): LogRecord {
  const { rekorBundle } = JSON.parse(readFileSync(bundle, 'utf8'));
  return { annotation: rekorBundle && JSON.stringify(rekorBundle) };
}

/** The text of a public key. */
export function publicKey(pair: SigningMeans['key']): string {
  return readFileSync(pair.public, 'utf8');
}
