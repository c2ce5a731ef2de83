import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { sha256 } from '../__testUtils__/TestRepository';
import { OutboundClient } from '../outbound';
import { resolveReference } from '../resolve';
import { loadTrustedRoot, verifyEvidence } from '../verify';
import { builtInSources, collectEvidence } from './collectEvidence';
import { EVIDENCE_SIMPLE_SIGNING } from './evidence';

const WORLD = resolve(__dirname, '../../../demo-world');
const RECORDED = join(WORLD, 'recorded');
const SERVER = join(WORLD, 'src', 'server.ts');
const HOST = 'registry.acme.example';
const STORE = 'plans.acme.example';

type Manifest = {
  subject?: { digest: string };
  layers?: { digest: string; mediaType: string }[];
};
type Listed = { digest: string; annotations?: Record<string, string> };

/** What the recorded layouts say is there, read without the code under test. */
function recordedArtifacts() {
  const registry = join(RECORDED, 'registry');
  const layouts = readdirSync(registry, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('oci-layout'))
    .map(path => join(registry, path, '..'));
  return layouts.flatMap(layout => {
    const blob = (digest: string) =>
      readFileSync(join(layout, 'blobs/sha256', digest.slice(7)));
    const { manifests } = JSON.parse(
      readFileSync(join(layout, 'index.json'), 'utf8'),
    ) as { manifests: Listed[] };
    const parsed = manifests.map(listed => ({
      digest: listed.digest,
      tag: listed.annotations?.['org.opencontainers.image.ref.name'],
      manifest: JSON.parse(blob(listed.digest).toString()) as Manifest,
    }));
    return parsed
      .filter(({ tag }) => tag && !tag.startsWith('sha256-'))
      .map(({ digest, tag }) => ({
        reference: `${HOST}/${relative(registry, layout)}:${tag}`,
        digest,
        referrers: parsed
          .filter(({ manifest }) => manifest.subject?.digest === digest)
          .flatMap(({ manifest }) => manifest.layers ?? [])
          .map(layer => layer.digest)
          .sort(),
        legacyLayers: parsed
          .filter(one => one.tag?.startsWith(digest.replace(':', '-')))
          .flatMap(({ manifest }) => manifest.layers ?? []).length,
      }));
  });
}

const isRecorded = existsSync(RECORDED) && existsSync(SERVER);
const describeWorld = isRecorded ? describe : describe.skip;

describeWorld('collecting from the demo world', () => {
  let server: ChildProcess;
  let outbound: OutboundClient;

  beforeAll(async () => {
    server = spawn(
      process.execPath,
      [SERVER, '--world', WORLD, '--port', '0'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const lines = createInterface({ input: server.stdout! });
    const [line] = await Promise.race([
      once(lines, 'line'),
      once(server, 'exit').then(() => {
        throw new Error('the server of the demo world does not start');
      }),
    ]);
    const endpoint = line.replace('demo world on ', '');
    const allowPrivateAddress = true;
    outbound = OutboundClient.create({
      hosts: [
        { host: HOST, endpoint, allowPrivateAddress },
        { host: STORE, endpoint: `${endpoint}/store`, allowPrivateAddress },
      ],
    });
  });

  afterAll(async () => {
    await outbound?.close();
    server?.kill();
  });

  async function check(text: string) {
    const reference = parseReference(text);
    if (!reference.ok) throw new Error(reference.problem);
    const ports = { outbound, fileRoots: [], now: () => new Date() };
    const { artifact } = await resolveReference(reference.parsed, ports);
    if (!artifact) throw new Error(`${text} was not resolved`);
    const collected = await collectEvidence(
      builtInSources,
      { reference: reference.parsed, artifact, known: new Set() },
      ports,
    );
    return { artifact, ...collected };
  }

  it('finds each artifact and each piece of evidence that was recorded', async () => {
    const artifacts = recordedArtifacts();
    expect(artifacts.length).toBeGreaterThan(5);
    for (const { reference, digest, referrers, legacyLayers } of artifacts) {
      const result = await check(reference);
      expect(result.artifact.digest).toBe(digest);
      expect(result.findings).toEqual([]);
      const digestsOf = (source: string) =>
        result.evidence
          .filter(piece => piece.source === `${HOST} ${source}`)
          .map(piece => piece.digest)
          .sort();
      expect(digestsOf('referrers')).toEqual(referrers);
      expect([...digestsOf('.sig tag'), ...digestsOf('.att tag')]).toHaveLength(
        legacyLayers,
      );
    }
    expect(artifacts.some(({ referrers }) => referrers.length > 0)).toBe(true);
    expect(artifacts.some(({ legacyLayers }) => legacyLayers > 0)).toBe(true);
  });

  it("assembles cosign's older signatures so that they hold", async () => {
    const legacy = recordedArtifacts().filter(one => one.legacyLayers > 0);
    const profile = loadTrustedRoot({
      name: 'acme-timestamped',
      json: JSON.parse(
        readFileSync(join(RECORDED, 'trusted_root.json'), 'utf8'),
      ),
      thresholds: { transparencyLog: 0 },
      allowDemoRoot: true,
    });
    for (const { reference, digest } of legacy) {
      const { evidence } = await check(reference);
      expect(evidence.map(({ mediaType }) => mediaType)).toContain(
        EVIDENCE_SIMPLE_SIGNING,
      );
      for (const piece of evidence) {
        const { findings, facts } = verifyEvidence(piece, digest, profile);
        expect(findings).toEqual([]);
        expect(facts?.signer.identity).toMatch(
          /^https:\/\/github\.com\/acme\//,
        );
      }
    }
  });

  it('finds the bundle beside each file', async () => {
    const store = join(RECORDED, 'store');
    const files = readdirSync(store, { recursive: true, encoding: 'utf8' });
    const bundles = files.filter(path => path.endsWith('.sigstore.json'));
    expect(bundles.length).toBeGreaterThan(0);
    for (const bundle of bundles) {
      const path = bundle.slice(0, -'.sigstore.json'.length);
      const { artifact, evidence } = await check(`https://${STORE}/${path}`);
      expect(artifact.digest).toBe(sha256(readFileSync(join(store, path))));
      expect(evidence.map(({ digest }) => digest)).toEqual([
        sha256(readFileSync(join(store, bundle))),
      ]);
    }
  });
});
