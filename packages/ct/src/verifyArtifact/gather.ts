import { readFile, stat } from 'node:fs/promises';
import {
  EvidencePlace,
  Finding,
  Lookup,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  Evidence,
  EvidenceSource,
  ResolvedArtifact,
  SourcePorts,
  collectEvidence,
  placeOfSource,
  resolveReference,
} from '@cloudythings/sigstore-engine';
import { UsageError } from '../UsageError';
import { NamedArtifact } from './artifact';
import { readBundleFile } from './bundleFile';

/** What is known of an artifact before anything is verified. */
export type Gathered = {
  artifact?: ResolvedArtifact;
  /** The artifact's own bytes, where it is a file that fits into memory. */
  bytes?: Buffer;
  lookups: Lookup[];
  findings: Finding[];
  /** Each piece once, with the lookups that found it. */
  evidence: {
    evidence: Evidence;
    sources: string[];
    /** What it was attached to, where that is known: the artifact or an index. */
    about: string[];
  }[];
  places: Record<string, EvidencePlace[]>;
};

/** Files beyond this size are verified by their digests alone. */
const MAX_BYTES_HELD = 64 * 1024 * 1024;

/**
 * Asks which bytes the artifact is, and what evidence there is about it.
 *
 * @param bundles - absolute paths; if there is one, no other source is asked
 * @param wantedTypes - predicate types that policies name
 * @param sources - where evidence is looked for
 * @throws UsageError when a bundle cannot be read at all
 */
export async function gather(
  named: NamedArtifact,
  bundles: string[],
  wantedTypes: ReadonlySet<string>,
  sources: EvidenceSource[],
  ports: SourcePorts,
): Promise<Gathered> {
  const known = knownDigest(named, bundles.length > 0);
  if (named.type === 'digest' && bundles.length === 0) {
    throw new UsageError(
      'A digest alone does not say where evidence could be. Give --bundle, or a reference such as registry.example.com/app@sha256:….',
    );
  }
  const resolved =
    known === undefined
      ? await resolve(named, ports)
      : { artifact: withDigest(known), lookups: [], findings: [] };
  const collected =
    bundles.length > 0
      ? await fromFiles(bundles, ports.now())
      : await fromSources(
          named,
          resolved.artifact,
          wantedTypes,
          sources,
          ports,
        );
  return {
    artifact: resolved.artifact,
    bytes: await bytesOf(named),
    lookups: [...resolved.lookups, ...collected.lookups],
    findings: [...resolved.findings, ...collected.findings],
    evidence: collected.evidence,
    // A bundle that was handed over is stored nowhere that is known.
    places: bundles.length > 0 ? {} : placesOf(collected.evidence),
  };
}

/** A digest that was named needs nobody to be asked when a bundle is at hand. */
function knownDigest(
  named: NamedArtifact,
  hasBundle: boolean,
): string | undefined {
  if (named.type === 'digest') return named.digest;
  if (named.type !== 'reference' || !hasBundle) return undefined;
  return named.parsed.type === 'oci' ? named.parsed.digest : undefined;
}

function withDigest(digest: string): ResolvedArtifact {
  return { digest, mediaType: '', size: 0, children: [] };
}

async function resolve(named: NamedArtifact, ports: SourcePorts) {
  if (named.type === 'digest') throw new Error('a digest is not resolved');
  const fileRoots = named.type === 'file' ? named.fileRoots : [];
  const { lookup, artifact, failure, indexLookup } = await resolveReference(
    named.parsed,
    { ...ports, fileRoots },
  );
  const findings: Finding[] = failure
    ? [{ code: failure, ...(lookup.cause ? { detail: lookup.cause } : {}) }]
    : [];
  return { artifact, lookups: [lookup, indexLookup ?? []].flat(), findings };
}

type Collected = Pick<Gathered, 'lookups' | 'findings' | 'evidence'>;

async function fromFiles(paths: string[], now: Date): Promise<Collected> {
  const files = await Promise.all(paths.map(readBundleFile));
  return {
    lookups: files.map(({ path, overCap }) => ({
      source: path,
      askedAt: now.toISOString(),
      outcome: overCap ? 'over-cap' : 'found',
      ...(overCap ? { cause: overCap } : {}),
    })),
    findings: [],
    evidence: merge(
      files.flatMap(({ path, pieces }) =>
        pieces.map(piece => ({ ...piece, source: path })),
      ),
    ),
  };
}

async function fromSources(
  named: NamedArtifact,
  artifact: ResolvedArtifact | undefined,
  wantedTypes: ReadonlySet<string>,
  sources: EvidenceSource[],
  ports: SourcePorts,
): Promise<Collected> {
  if (named.type === 'digest' || !artifact) {
    return { lookups: [], findings: [], evidence: [] };
  }
  const fileRoots = named.type === 'file' ? named.fileRoots : [];
  const { lookups, findings, evidence } = await collectEvidence(
    sources,
    {
      reference: named.parsed,
      artifact,
      known: new Set(),
      wantedTypes,
    },
    { ...ports, fileRoots },
  );
  return { lookups, findings, evidence: merge(evidence) };
}

/** The same bytes from two places are one piece of evidence. */
function merge(
  found: (Evidence & { source: string; artifactDigest?: string })[],
): Gathered['evidence'] {
  const pieces = new Map<string, Gathered['evidence'][number]>();
  for (const { source, artifactDigest, ...evidence } of found) {
    const { digest, mediaType, bytes } = evidence;
    const piece = pieces.get(digest) ?? {
      evidence: { digest, mediaType, bytes },
      sources: [],
      about: [],
    };
    piece.sources.push(source);
    if (artifactDigest !== undefined) piece.about.push(artifactDigest);
    pieces.set(digest, piece);
  }
  return [...pieces.values()];
}

function placesOf(evidence: Gathered['evidence']): Gathered['places'] {
  return Object.fromEntries(
    evidence.map(({ evidence: { digest }, sources }) => [
      digest,
      sources.flatMap(source => placeOfSource(source) ?? []),
    ]),
  );
}

/** Hashed once more where they are used: the file may change meanwhile. */
async function bytesOf(named: NamedArtifact): Promise<Buffer | undefined> {
  if (named.type !== 'file') return undefined;
  try {
    const { size } = await stat(named.parsed.path);
    return size <= MAX_BYTES_HELD
      ? await readFile(named.parsed.path)
      : undefined;
  } catch {
    return undefined;
  }
}
