import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { X509Certificate } from '@sigstore/core';
import {
  type EvidenceDescription,
  type NameDigest,
  describeBundle,
  describeLegacyLayer,
} from './describeEvidence.ts';
import type { BundleJson } from './evidenceFile.ts';
import { mediaTypes } from './mediaTypes.ts';
import { type Descriptor, type Manifest, digestOf } from './ociClient.ts';

const tagName = 'org.opencontainers.image.ref.name';
const legacyLayers = [
  'application/vnd.dev.cosign.simplesigning.v1+json',
  'application/vnd.dsse.envelope.v1+json',
];

/** A manifest or index, and what it holds and leads to. */
export interface ManifestDescription {
  tag?: string;
  /** what it refers to: a tag */
  subject?: string;
  mediaType: string;
  artifactType?: string;
  annotations?: Record<string, string>;
  config?: { mediaType: string; content: string };
  layers: { mediaType: string; content: string | EvidenceDescription }[];
  children: (ManifestDescription & { platform?: object })[];
}

/** Everything in the recorded half of a world that another recording must have too. */
export interface WorldDescription {
  registry: Record<string, ManifestDescription[]>;
  store: Record<string, string | EvidenceDescription>;
  log: { origin: string; size: number; files: string[] };
  trustedRoot: unknown;
  tools: unknown;
}

/**
 * Describes what was recorded without what changes at every recording: keys,
 * certificates, signatures, digests, times and log positions.
 *
 * @param worldDir - folder that holds `recorded/`
 */
export function describeWorld(worldDir: string): WorldDescription {
  const recorded = path.join(worldDir, 'recorded');
  const checkpoint = readFileSync(
    path.join(recorded, 'log', 'checkpoint'),
    'utf8',
  ).split('\n');
  const layouts = files(path.join(recorded, 'registry'))
    .filter(file => file.endsWith('/index.json'))
    .map(path.dirname);
  return {
    registry: Object.fromEntries(
      layouts.map(layout => [
        layout,
        describeLayout(path.join(recorded, 'registry', layout)),
      ]),
    ),
    store: describeStore(path.join(recorded, 'store')),
    log: {
      origin: checkpoint[0],
      size: Number(checkpoint[1]),
      files: files(path.join(recorded, 'log')),
    },
    trustedRoot: describeTrustedRoot(
      json(path.join(recorded, 'trusted_root.json')),
    ),
    tools: (json(path.join(recorded, 'recording.json')) as { tools: unknown })
      .tools,
  };
}

function describeLayout(folder: string): ManifestDescription[] {
  const { manifests } = json(path.join(folder, 'index.json')) as {
    manifests: Descriptor[];
  };
  const blob = (digest: string) =>
    readFileSync(path.join(folder, 'blobs', digest.replace(':', '/')));
  const tags = new Map(
    manifests.map(one => [one.digest, one.annotations?.[tagName]] as const),
  );
  const nameDigest: NameDigest = digest => tags.get(digest) ?? 'something else';
  const nameTag = (tag: string) =>
    tag.replace(/sha256-[0-9a-f]{64}/, hex =>
      nameDigest(hex.replace('-', ':')),
    );

  const describeManifest = (
    digest: string,
    tag?: string,
  ): ManifestDescription => {
    const manifest = JSON.parse(blob(digest).toString()) as Manifest;
    const { annotations, artifactType, config, subject } = manifest;
    return {
      ...(tag ? { tag: nameTag(tag) } : {}),
      ...(subject ? { subject: nameDigest(subject.digest) } : {}),
      mediaType: manifest.mediaType,
      ...(artifactType ? { artifactType } : {}),
      ...(annotations
        ? { annotations: subject ? withoutTime(annotations) : annotations }
        : {}),
      ...(config
        ? {
            config: {
              mediaType: config.mediaType,
              content: withoutDigests(blob(config.digest)),
            },
          }
        : {}),
      layers: (manifest.layers ?? []).map(layer => ({
        mediaType: layer.mediaType,
        content: describeLayer(layer, blob(layer.digest), nameDigest),
      })),
      children: (manifest.manifests ?? []).map(child => ({
        ...describeManifest(child.digest),
        platform: child.platform,
      })),
    };
  };
  return manifests.map(one =>
    describeManifest(one.digest, one.annotations?.[tagName]),
  );
}

function describeLayer(
  layer: Descriptor,
  content: Buffer,
  nameDigest: NameDigest,
): string | EvidenceDescription {
  if (layer.mediaType === mediaTypes.bundle) {
    return describeBundle(
      JSON.parse(content.toString()) as BundleJson,
      nameDigest,
    );
  }
  if (legacyLayers.includes(layer.mediaType)) {
    return describeLegacyLayer(
      layer.mediaType,
      content,
      layer.annotations ?? {},
      nameDigest,
    );
  }
  // How well a tar archive is compressed depends on the version of zlib.
  const isCompressed = layer.mediaType === mediaTypes.compressedLayer;
  return (isCompressed ? gunzipSync(content) : content).toString('latin1');
}

function describeStore(folder: string): WorldDescription['store'] {
  return Object.fromEntries(
    files(folder).map(file => {
      const content = readFileSync(path.join(folder, file));
      if (!file.endsWith('.sigstore.json')) return [file, content.toString()];
      const signed = file.replace('.sigstore.json', '');
      const digest = digestOf(readFileSync(path.join(folder, signed)));
      const name: NameDigest = other =>
        other === digest ? signed : 'something else';
      return [
        file,
        describeBundle(JSON.parse(content.toString()) as BundleJson, name),
      ];
    }),
  );
}

/** A trusted root with its keys hidden and its certificates reduced to their names. */
function describeTrustedRoot(root: unknown): unknown {
  return JSON.parse(JSON.stringify(root), (key, value: unknown) => {
    if (key === 'certificates') {
      return (value as { rawBytes: string }[]).map(({ rawBytes }) => {
        const { subject } = X509Certificate.parse(
          Buffer.from(rawBytes, 'base64'),
        );
        return subject.toString('latin1');
      });
    }
    if (key === 'start') return typeof value === 'string' ? 'a time' : value;
    if (key === 'keyId') return 'a key';
    if (key === 'publicKey') return { ...(value as object), rawBytes: 'a key' };
    return value;
  });
}

function withoutDigests(bytes: Buffer): string {
  return bytes.toString().replace(/[0-9a-f]{64}/g, 'a digest');
}

function withoutTime(
  annotations: Record<string, string>,
): Record<string, string> {
  return { ...annotations, 'org.opencontainers.image.created': 'a time' };
}

/** All files below a folder, with forward slashes, in order. */
function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      path.relative(folder, path.join(entry.parentPath, entry.name)),
    )
    .map(file => file.split(path.sep).join('/'))
    .sort();
}

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
