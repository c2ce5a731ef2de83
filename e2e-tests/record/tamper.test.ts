import assert from 'node:assert/strict';
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { Verifier, toSignedEntity, toTrustMaterial } from '@sigstore/verify';
import { Folder } from '../../packages/demo-world/src/folder.ts';
import { OciLayout } from '../../packages/demo-world/src/ociLayout.ts';
import { worldDir } from '../stack/paths.ts';
import type { BundleJson } from './evidenceFile.ts';
import { digestOf } from './ociClient.ts';
import { type Tampering, tamper, tamperings } from './tamper.ts';
import { changes, logChanges } from './tamperChanges.ts';

const all = tamperings(worldDir);

describe('the table of changes', () => {
  it('has every change to every row that is signed as expected', () => {
    const rows = new Set(all.map(({ row }) => row));
    for (const row of rows) {
      const made = all.filter(one => one.row === row).map(one => one.change);
      const possible = row.reference.includes('/ledger:')
        ? changes.filter(change => !logChanges.includes(change))
        : [...changes];
      assert.deepEqual(made, possible, row.reference);
    }
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
  });
});

describe('a change', () => {
  let scratch: string;
  let world: string;
  before(() => {
    scratch = mkdtempSync(path.join(os.tmpdir(), 'tamper-'));
    world = path.join(scratch, 'world');
  });
  beforeEach(() => {
    rmSync(world, { recursive: true, force: true });
    cpSync(worldDir, world, { recursive: true });
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  for (const tampering of all) {
    it(`${tampering.id} leaves a whole world with evidence that no longer holds`, async () => {
      assert.deepEqual(
        await holding(world, tampering),
        await evidence(world, tampering),
      );
      tamper(world, tampering);
      assert.deepEqual(brokenDigests(world), []);
      assert.deepEqual(await holding(world, tampering), []);
      assert.notEqual((await evidence(world, tampering)).length, 0);
      assert.deepEqual(changedAreas(world), [area(tampering)]);
    });
  }
});

/** The bundles or layers that are attached to what a row is about. */
async function evidence(world: string, { row }: Tampering): Promise<string[]> {
  if (row.reference.startsWith('https://')) return ['bundle'];
  const { layout, digest } = await located(world, row.reference);
  const referrers = (await layout.referrers(digest))!.map(one => one.digest);
  const tags = (await layout.tags())!.filter(tag =>
    tag.startsWith(digest.replace(':', '-')),
  );
  return [...referrers, ...tags];
}

/** Those among them whose bundle verifies and is about the artifact. */
async function holding(world: string, { row }: Tampering): Promise<string[]> {
  if (row.reference.startsWith('https://')) {
    const file = path.join(
      world,
      'recorded',
      'store',
      new URL(row.reference).pathname,
    );
    const bundle = JSON.parse(
      readFileSync(`${file}.sigstore.json`, 'utf8'),
    ) as BundleJson;
    return verifies(world, bundle, readFileSync(file)) ? ['bundle'] : [];
  }
  const { layout, digest } = await located(world, row.reference);
  const sound: string[] = [];
  for (const one of await evidence(world, { row } as Tampering)) {
    const manifest = JSON.parse((await layout.manifest(one))!.bytes.toString());
    const [layer] = manifest.layers;
    const content = (await layout.blob(layer.digest))!;
    const { bundle, message } = asBundle(layer, content);
    const signed =
      message ?? Buffer.from(bundle.dsseEnvelope!.payload, 'base64');
    const isAbout = signed.includes(digest.replace('sha256:', ''));
    if (isAbout && verifies(world, bundle, message)) sound.push(one);
  }
  return sound;
}

/** A layer's bundle; one of the older layout is put into a bundle first. */
function asBundle(
  layer: { mediaType: string; annotations?: Record<string, string> },
  content: Buffer,
): { bundle: BundleJson; message?: Buffer } {
  if (layer.mediaType.includes('sigstore.bundle'))
    return { bundle: JSON.parse(content.toString()) };
  const annotations = layer.annotations!;
  const stamp = JSON.parse(annotations['dev.sigstore.cosign/rfc3161timestamp']);
  const pem = annotations['dev.sigstore.cosign/certificate'];
  const isEnvelope = layer.mediaType.includes('dsse');
  const bundle: BundleJson = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      certificate: { rawBytes: pem.replace(/-----[A-Z ]+-----|\s/g, '') },
      timestampVerificationData: {
        rfc3161Timestamps: [{ signedTimestamp: stamp.SignedRFC3161Timestamp }],
      },
    },
    ...(isEnvelope
      ? { dsseEnvelope: JSON.parse(content.toString()) }
      : {
          messageSignature: {
            messageDigest: {
              algorithm: 'SHA2_256',
              digest: Buffer.from(digestOf(content).slice(7), 'hex').toString(
                'base64',
              ),
            },
            signature: annotations['dev.cosignproject.cosign/signature'],
          },
        }),
  };
  return { bundle, ...(isEnvelope ? {} : { message: content }) };
}

/** Whether the library verifies a bundle, with a log entry where it has one. */
function verifies(
  world: string,
  bundle: BundleJson,
  artifact?: Buffer,
): boolean {
  const root = JSON.parse(
    readFileSync(path.join(world, 'recorded', 'trusted_root.json'), 'utf8'),
  );
  const tlogThreshold = bundle.verificationMaterial.tlogEntries ? 1 : 0;
  const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(root)), {
    tlogThreshold,
  });
  const signed = bundle.messageSignature?.messageDigest.digest;
  if (
    artifact &&
    signed !==
      Buffer.from(digestOf(artifact).slice(7), 'hex').toString('base64')
  ) {
    return false;
  }
  // The library does not compare what the proof says of its root.
  const proof = bundle.verificationMaterial.tlogEntries?.[0].inclusionProof;
  if (proof && proof.rootHash !== proof.checkpoint.envelope.split('\n')[2]) {
    return false;
  }
  try {
    verifier.verify(toSignedEntity(bundleFromJSON(bundle), artifact));
    return true;
  } catch {
    return false;
  }
}

async function located(world: string, reference: string) {
  const [repository, tag] = reference
    .replace('registry.acme.example/', '')
    .split(':');
  const layout = new OciLayout(
    new Folder(path.join(world, 'recorded', 'registry')),
    repository,
  );
  return { layout, digest: (await layout.manifest(tag))!.digest };
}

/** Blobs that are not what their name says. */
function brokenDigests(world: string): string[] {
  return files(path.join(world, 'recorded', 'registry'))
    .filter(file => path.basename(file).length === 64)
    .filter(
      file => digestOf(readFileSync(file)) !== `sha256:${path.basename(file)}`,
    );
}

/** The repositories and stored files that differ from the recorded world's. */
function changedAreas(world: string): string[] {
  const contents = (dir: string) =>
    new Map(
      files(dir).map(file => [
        path.relative(dir, file),
        readFileSync(file, 'latin1'),
      ]),
    );
  const [then, now] = [contents(worldDir), contents(world)];
  const changed = [...new Set([...then.keys(), ...now.keys()])].filter(
    file => then.get(file) !== now.get(file),
  );
  return [
    ...new Set(
      changed.map(file => file.replace(/\/(blobs\/.*|index\.json)$/, '')),
    ),
  ].map(file =>
    file.replace(/^recorded\//, '').replace(/\.sigstore\.json$/, ''),
  );
}

function area({ row }: Tampering): string {
  return row.reference.startsWith('https://')
    ? `store${new URL(row.reference).pathname}`
    : row.reference.replace('registry.acme.example', 'registry').split(':')[0];
}

function files(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name));
}
