import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Cosign } from '../../record/cosign.ts';
import { writeSigningConfig } from '../../record/trustMaterial.ts';
import { addressOf } from '../names.ts';
import type { Stack } from '../stack.ts';
import { type Upload, makeBucket } from './bucket.ts';
import { type SigningMeans, predicates } from './signWay.ts';

/** What is there for signing, and for putting what was signed where it belongs. */
export interface Means extends SigningMeans {
  otherKey: SigningMeans['key'];
  upload: Upload;
}

/**
 * Makes what cosign signs with: configurations, keys and predicates; and makes
 * the stack the instance that it trusts by default.
 */
export async function signingMeans(
  stack: Stack,
  cosign: Cosign,
  dir: string,
): Promise<Means> {
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
    upload: await makeBucket(stack),
    predicates: {
      provenance: predicate('provenance'),
      sbom: predicate('sbom'),
    },
  };
}

/** The text of a public key. */
export function publicKey(pair: SigningMeans['key']): string {
  return readFileSync(pair.public, 'utf8');
}

/** How a public key is named: SHA-256 of its DER form. */
export function fingerprint(publicKeyPem: string): string {
  const key = createPublicKey(publicKeyPem);
  const der = key.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(der).digest('hex')}`;
}
