import {
  type KeyObject,
  createHash,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  Key,
  MetaFile,
  Metadata,
  Root,
  Signature,
  Snapshot,
  TargetFile,
  Targets,
  Timestamp,
} from '@tufjs/models';

const version = 1;

/**
 * Writes a TUF repository (specification 1.0, consistent snapshots) as static
 * files: the metadata beside each other, the targets under `targets/`, as
 * root-signing publishes them. One key signs everything and is forgotten: what
 * changes is another repository.
 *
 * @param dir - its folder, which `1.root.json` in it is the beginning of
 * @param targets - texts by name
 */
export function writeTufRepository(
  dir: string,
  targets: Record<string, string>,
): void {
  const key = newKey();
  const expires = new Date(Date.now() + 365 * 86_400_000)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  const common = { version, specVersion: '1.0.0', expires };
  const write = (name: string, content: string) =>
    writeFileSync(path.join(dir, name), content);
  const publish = (
    name: string,
    signed: ConstructorParameters<typeof Metadata>[0],
  ) => {
    const metadata = new Metadata(signed);
    metadata.sign(key.sign);
    write(name, JSON.stringify(metadata.toJSON()));
  };

  mkdirSync(path.join(dir, 'targets'), { recursive: true });
  const root = new Root({ ...common, consistentSnapshot: true });
  for (const role of ['root', 'timestamp', 'snapshot', 'targets']) {
    root.addKey(key.key, role);
  }
  publish(`${version}.root.json`, root);

  const listed = new Targets(common);
  for (const [name, text] of Object.entries(targets)) {
    const hash = sha256(text);
    listed.addTarget(
      new TargetFile({
        path: name,
        length: Buffer.byteLength(text),
        hashes: { sha256: hash },
      }),
    );
    write(path.join('targets', `${hash}.${name}`), text);
  }
  publish(`${version}.targets.json`, listed);
  const meta = { 'targets.json': new MetaFile({ version }) };
  publish(`${version}.snapshot.json`, new Snapshot({ ...common, meta }));
  const snapshotMeta = new MetaFile({ version });
  publish('timestamp.json', new Timestamp({ ...common, snapshotMeta }));
}

function newKey(): { key: Key; sign: (data: Buffer) => Signature } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  });
  const text = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const key = new Key({
    keyID: sha256(text),
    keyType: 'ecdsa',
    scheme: 'ecdsa-sha2-nistp256',
    keyVal: { public: text },
  });
  return { key, sign: data => signature(key, privateKey, data) };
}

function signature(key: Key, privateKey: KeyObject, data: Buffer): Signature {
  const sig = sign('sha256', data, privateKey).toString('hex');
  return new Signature({ keyID: key.keyID, sig });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
