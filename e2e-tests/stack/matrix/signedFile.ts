import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { bucketName } from './bucket.ts';
import type { Case } from './cases.ts';
import type { LogRecord } from './cosignAnswer.ts';
import type { Means } from './means.ts';
import type { Signed } from './signFor.ts';
import { signWay } from './signWay.ts';
import type { Way } from './ways.ts';

/** Makes two files, or objects in S3, and has cosign sign the one. */
export async function signedFile(
  way: Way,
  means: Means,
  dir: string,
): Promise<Signed> {
  const isObject = way.place === 's3';
  const folder = path.join(dir, isObject ? 'objects' : 'blobs', way.name);
  mkdirSync(folder, { recursive: true });
  const file = (artifact: Case['artifact']) =>
    path.join(folder, artifact === 'other' ? 'other.json' : 'plan.json');
  const suffix = way.format === 'bundle' ? '.sigstore.json' : '.bundle';
  const beside = (name: string) => `${name}${suffix}`;
  // cosign needs the bundle in any case; the backend does not look elsewhere.
  const kept = (name: string) =>
    way.place === 'log' ? path.join(dir, `${way.name}.json`) : beside(name);
  for (const artifact of ['signed', 'other'] as const)
    writeFileSync(file(artifact), JSON.stringify({ plan: way.name, artifact }));
  const bundle = kept(file('signed'));
  await signWay(way, file('signed'), bundle, means);
  if (way.place !== 'log') await copyFile(bundle, beside(file('other')));
  const key = (name: string) => `${way.name}/${path.basename(name)}`;
  if (isObject)
    for (const name of readdirSync(folder))
      await means.upload(key(name), path.join(folder, name));
  return {
    target: file,
    reference: artifact =>
      isObject
        ? `s3://${bucketName}/${key(file(artifact))}`
        : `file:${file(artifact)}`,
    logged: way.format === 'bundle' ? { bundle } : legacyBlobRecord(bundle),
    bundle,
  };
}

function legacyBlobRecord(bundle: string): LogRecord {
  const { rekorBundle } = JSON.parse(readFileSync(bundle, 'utf8'));
  return { annotation: rekorBundle && JSON.stringify(rekorBundle) };
}
