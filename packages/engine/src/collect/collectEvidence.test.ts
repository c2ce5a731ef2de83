import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  BUNDLE,
  INDEX,
  sha256,
  TestDescriptor,
  TestRepository,
} from '../__testUtils__/TestRepository';
import { closedPort, endless, TestServer } from '../__testUtils__/TestServer';
import { OutboundClient } from '../outbound';
import { resolveReference } from '../resolve';
import { CAPS } from './caps';
import { builtInSources, collectEvidence } from './collectEvidence';
import { EvidenceSource, EVIDENCE_SIMPLE_SIGNING } from './evidence';

const HOST = 'registry.acme.example';
const now = () => new Date('2026-11-22T15:00:00Z');
const REFERRERS = `${HOST} referrers`;

let server: TestServer;
let repository: TestRepository;
let outbound: OutboundClient;
let image: TestDescriptor;

beforeEach(async () => {
  server = await TestServer.start();
  repository = new TestRepository(server, 'acme/app');
  outbound = clientAt(server.url);
  image = repository.manifest({ layers: [] }, '1.0');
});

afterEach(async () => {
  await outbound.close();
  await server.close();
});

function clientAt(endpoint: string) {
  const allowed = { endpoint, allowPrivateAddress: true };
  return OutboundClient.create({
    hosts: [
      { ...allowed, host: HOST },
      { ...allowed, host: 'plans.acme.example' },
    ],
    includeWellKnownHosts: false,
  });
}

async function collect(
  options: {
    text?: string;
    known?: string[];
    wantedTypes?: string[];
    sources?: EvidenceSource[];
    fileRoots?: string[];
    sourceMs?: number;
  } = {},
) {
  const { text = `${HOST}/acme/app:1.0`, fileRoots = [] } = options;
  const parsed = parseReference(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  const reference = parsed.parsed;
  const artifact = {
    digest: image.digest,
    mediaType: image.mediaType,
    size: image.size,
    children: [],
  };
  return collectEvidence(
    options.sources ?? builtInSources,
    {
      ...{ reference, artifact, known: new Set(options.known) },
      wantedTypes: new Set(options.wantedTypes),
    },
    { outbound, fileRoots, now },
    options.sourceMs,
  );
}

function outcomes(result: Awaited<ReturnType<typeof collect>>) {
  return Object.fromEntries(
    result.lookups.map(({ source, outcome }) => [source, outcome]),
  );
}

function bundleText(content: string) {
  return JSON.stringify({ mediaType: BUNDLE, content });
}

describe('referrers', () => {
  it('gives the bundles that are attached', async () => {
    const bytes = bundleText('a');
    repository.referrers(image.digest, [repository.bundle(bytes)]);
    const result = await collect();
    expect(result).toEqual({
      lookups: [
        {
          source: REFERRERS,
          outcome: 'found',
          askedAt: '2026-11-22T15:00:00.000Z',
        },
        expect.objectContaining({ outcome: 'none' }),
        expect.objectContaining({ outcome: 'none' }),
      ],
      evidence: [
        {
          digest: sha256(bytes),
          mediaType: BUNDLE,
          bytes: Buffer.from(bytes),
          source: REFERRERS,
          artifactDigest: image.digest,
        },
      ],
      findings: [],
    });
  });

  it('says that there is none', async () => {
    repository.referrers(image.digest, []);
    expect(outcomes(await collect())).toEqual({
      [REFERRERS]: 'none',
      [`${HOST} .sig tag`]: 'none',
      [`${HOST} .att tag`]: 'none',
    });
  });

  it.each([404, 400, 405])(
    'falls back to the tag where the API answers %s',
    async status => {
      server.on(`/v2/acme/app/referrers/${image.digest}`, { status });
      expect(outcomes(await collect())[REFERRERS]).toBe('none');

      const tag = image.digest.replace(':', '-');
      repository.index([repository.bundle(bundleText('a'))], tag);
      const { evidence } = await collect();
      // The name of the lookup, or what is gone could not be told by it.
      expect(evidence.map(({ source }) => source)).toEqual([REFERRERS]);
    },
  );

  it('names every piece of evidence after the lookup that gave it', async () => {
    const tag = image.digest.replace(':', '-');
    const attached = repository.bundle(bundleText('a'));
    const envelope = 'application/vnd.dsse.envelope.v1+json';
    const attestation = repository.blob('{}', envelope);
    repository.manifest({ layers: [attestation] }, `${tag}.att`);
    const byTag = async () => {
      server.on(`/v2/acme/app/referrers/${image.digest}`, { status: 404 });
      repository.index([attached], tag);
      return collect();
    };
    const byApi = async () => {
      repository.referrers(image.digest, [attached]);
      return collect();
    };
    for (const look of [byTag, byApi]) {
      const { lookups, evidence } = await look();
      const answered = lookups.filter(({ outcome }) => outcome === 'found');
      expect(evidence.map(({ source }) => source).sort()).toEqual(
        answered.map(({ source }) => source).sort(),
      );
    }
  });

  it('reads manifests whose type the list does not give', async () => {
    const { artifactType, ...untyped } = repository.bundle(bundleText('a'));
    const layers = [repository.blob('x', 'application/x')];
    const unrelated = repository.manifest({ layers });
    repository.referrers(image.digest, [untyped, unrelated]);
    const { evidence, findings } = await collect();
    expect(artifactType).toBe(BUNDLE);
    expect(evidence).toHaveLength(1);
    expect(findings).toEqual([]);
  });

  it('reads all pages, at the address it knows', async () => {
    const next = '?n=1&last=a';
    const link = `<https://evil.example/elsewhere${next}>; rel="next"`;
    repository.referrers(
      image.digest,
      [repository.bundle(bundleText('a'))],
      '',
      link,
    );
    repository.referrers(
      image.digest,
      [repository.bundle(bundleText('b'))],
      next,
    );
    const { evidence } = await collect();
    expect(evidence).toHaveLength(2);
  });

  it.each([
    ['notation', 'application/vnd.cncf.notary.signature', true],
    ['a later bundle', 'application/vnd.dev.sigstore.bundle.v0.9+json', false],
  ])('names %s as a format that is not read', async (_, type, byType) => {
    const bytes = JSON.stringify({ mediaType: type });
    repository.referrers(image.digest, [
      byType
        ? repository.manifest({ artifactType: type, layers: [] })
        : repository.bundle(bytes, type),
      // No signature by what it says of itself.
      repository.manifest({
        artifactType: 'application/vnd.cyclonedx+json',
        layers: [],
      }),
    ]);
    const result = await collect();
    expect(result.evidence).toEqual([]);
    expect(result.findings).toContainEqual({
      code: 'format-unsupported',
      detail: type,
    });
    expect(outcomes(result)[REFERRERS]).toBe('unsupported');
  });

  it('does not take a bundle manifest with two bundles', async () => {
    const layers = ['a', 'b'].map(content =>
      repository.blob(bundleText(content), BUNDLE),
    );
    repository.referrers(image.digest, [
      repository.manifest({ artifactType: BUNDLE, layers }),
    ]);
    const { evidence, findings } = await collect();
    expect(evidence).toEqual([]);
    expect(findings).toEqual([
      { code: 'format-unsupported', detail: `${BUNDLE} with 2 bundle layers` },
    ]);
  });

  it('leaves it to verification to say that a bundle is broken', async () => {
    repository.referrers(image.digest, [repository.bundle('{"mediaType":')]);
    const { evidence } = await collect();
    expect(evidence).toMatchObject([{ mediaType: BUNDLE }]);
  });

  it.each([
    [
      'a web page',
      { headers: { 'content-type': 'text/html' }, body: '<html>' },
      'unreachable',
      'source-unreachable',
    ],
    [
      'half a list',
      { headers: { 'content-type': INDEX }, body: '{"manifests":[' },
      'unreachable',
      'source-unreachable',
    ],
    ['a refusal', { status: 403 }, 'refused', 'source-refused'],
    ['a failure', { status: 500 }, 'unreachable', 'source-unreachable'],
  ])('does not take %s for an empty list', async (_, answer, outcome, code) => {
    server.on(`/v2/acme/app/referrers/${image.digest}`, answer);
    const result = await collect();
    expect(outcomes(result)[REFERRERS]).toBe(outcome);
    expect(result.findings).toEqual([
      { code, detail: expect.stringContaining(HOST) },
    ]);
  });

  it('gives what it could read, and says that it was not all', async () => {
    const lost = repository.bundle(bundleText('lost'));
    const refused = repository.bundle(bundleText('refused'));
    const good = repository.bundle(bundleText('good'));
    repository.referrers(image.digest, [lost, refused, good]);
    server.on(`${repository.path}/manifests/${lost.digest}`, { status: 404 });
    server.on(`${repository.path}/manifests/${refused.digest}`, {
      status: 401,
    });
    const result = await collect();
    expect(result.evidence).toHaveLength(1);
    expect(result.lookups[0]).toMatchObject({ outcome: 'refused' });
    expect(result.findings.map(({ code }) => code)).toEqual([
      'source-refused',
      'source-unreachable',
    ]);
  });

  it('does not take a blob with other bytes than its digest says', async () => {
    const bytes = bundleText('a');
    repository.referrers(image.digest, [repository.bundle(bytes)]);
    const path = `${repository.path}/blobs/${sha256(bytes)}`;
    server.on(path, { body: bundleText('b') });
    const result = await collect();
    expect(result.evidence).toEqual([]);
    expect(outcomes(result)[REFERRERS]).toBe('unreachable');
  });

  it('keeps speaking of the digest when the tag moves', async () => {
    repository.referrers(image.digest, [repository.bundle(bundleText('a'))]);
    const parsed = parseReference(`${HOST}/acme/app:1.0`);
    if (!parsed.ok) throw new Error(parsed.problem);
    const ports = { outbound, fileRoots: [], now };
    const { artifact } = await resolveReference(parsed.parsed, ports);
    const moved = repository.manifest(
      { layers: [repository.blob('new', 'application/x')] },
      '1.0',
    );
    repository.referrers(moved.digest, []);
    const result = await collectEvidence(
      builtInSources,
      { reference: parsed.parsed, artifact: artifact!, known: new Set() },
      ports,
    );
    expect(result.evidence.map(piece => piece.artifactDigest)).toEqual([
      image.digest,
    ]);
    expect(server.asked(`${repository.path}/manifests/1.0`)).toBe(1);
  });
});

describe('limits', () => {
  function attach(count: number) {
    const bytes = Array.from({ length: count }, (_, i) => bundleText(`${i}`));
    repository.referrers(
      image.digest,
      bytes.map(text => repository.bundle(text)),
    );
    return bytes.map(sha256);
  }

  it('keeps what is known to be sound when there is too much', async () => {
    const digests = attach(CAPS.kept + 5);
    const known = [digests[CAPS.kept + 4]];
    const result = await collect({ known });
    expect(result.evidence).toHaveLength(CAPS.kept);
    expect(result.evidence[0].digest).toBe(known[0]);
    expect(result.lookups[0].outcome).toBe('over-cap');
    expect(result.findings).toEqual([
      {
        code: 'evidence-over-cap',
        detail: `${REFERRERS}: holds more than ${CAPS.kept} pieces of evidence`,
      },
    ]);
  });

  it('finds what is known to be sound behind more than is looked at', async () => {
    const digests = attach(CAPS.examined + 5);
    const known = [digests[CAPS.examined + 4]];
    const result = await collect({ known });
    expect(result.evidence[0].digest).toBe(known[0]);
    expect(result.lookups[0].outcome).toBe('over-cap');
  });

  it('finds what a policy asks for behind more than is looked at', async () => {
    const wanted = 'https://slsa.dev/provenance/v1';
    const texts = Array.from({ length: CAPS.examined + 5 }, (_, i) =>
      bundleText(`${i}`),
    );
    const manifests = texts.map((text, i) => ({
      ...repository.bundle(text),
      annotations: {
        'dev.sigstore.bundle.predicateType':
          i === texts.length - 1 ? wanted : 'https://spam.example/v1',
      },
    }));
    repository.referrers(image.digest, manifests);
    const result = await collect({ wantedTypes: [wanted] });
    expect(result.evidence[0].digest).toBe(sha256(texts[texts.length - 1]));
    expect(result.lookups[0].outcome).toBe('over-cap');
  });

  it('does not let one source take the share of another', async () => {
    attach(CAPS.kept + 5);
    const layers = [
      repository.blob('{}', 'application/vnd.dsse.envelope.v1+json'),
    ];
    const tag = `${image.digest.replace(':', '-')}.att`;
    repository.manifest({ layers }, tag);
    const result = await collect();
    expect(outcomes(result)).toEqual({
      [REFERRERS]: 'over-cap',
      [`${HOST} .sig tag`]: 'none',
      [`${HOST} .att tag`]: 'found',
    });
    expect(result.evidence).toHaveLength(CAPS.kept + 1);
  });

  it('does not fetch a document that says it is too long, nor one that lies', async () => {
    const long = repository.blob('long', BUNDLE);
    const lying = repository.blob(bundleText('lying'), BUNDLE);
    repository.referrers(image.digest, [
      repository.manifest({
        artifactType: BUNDLE,
        layers: [{ ...long, size: CAPS.documentBytes + 1 }],
      }),
      repository.manifest({
        artifactType: BUNDLE,
        layers: [{ ...lying, size: 1 }],
      }),
    ]);
    const result = await collect();
    expect(result.evidence).toEqual([]);
    expect(result.lookups[0].outcome).toBe('over-cap');
    expect(server.asked(`${repository.path}/blobs/${long.digest}`)).toBe(0);
  });

  it('stops when all documents together are too long', async () => {
    // The manifests that lead to them take a little of it.
    const size = CAPS.documentBytes - 4096;
    const layers = ['a', 'b', 'c', 'd', 'e'].map(name => {
      const bytes = bundleText(name).padEnd(size, ' ');
      return repository.blob(bytes, BUNDLE);
    });
    repository.referrers(
      image.digest,
      layers.map(layer =>
        repository.manifest({ artifactType: BUNDLE, layers: [layer] }),
      ),
    );
    const result = await collect();
    expect(result.evidence).toHaveLength(4);
    expect(result.lookups[0].outcome).toBe('over-cap');
  });

  it('counts the manifests that lead to documents, too', async () => {
    const annotations = { note: ' '.repeat(4_000_000) };
    const texts = Array.from({ length: 9 }, (_, i) => bundleText(`${i}`));
    const manifests = texts.map(text => {
      const layer = { ...repository.blob(text, BUNDLE), annotations };
      return repository.manifest({ artifactType: BUNDLE, layers: [layer] });
    });
    // What a list says of their size is not what they have.
    const listed = manifests.map(one => ({ ...one, size: 1 }));
    repository.referrers(image.digest, listed);
    const known = [sha256(texts[8])];
    const result = await collect({ known });
    expect(result.lookups[0].outcome).toBe('over-cap');
    expect(result.evidence.map(({ digest }) => digest)).toContain(known[0]);
  });

  it('gives up on an endless list', async () => {
    const { answer, closed } = endless({ 'content-type': INDEX });
    server.on(`/v2/acme/app/referrers/${image.digest}`, answer);
    expect(outcomes(await collect())[REFERRERS]).toBe('over-cap');
    await closed;
  });

  it('gives up on a list whose pages never end', async () => {
    const link = `<?again>; rel="next"`;
    repository.referrers(image.digest, [], '', link);
    repository.referrers(image.digest, [], '?again', link);
    expect(outcomes(await collect())[REFERRERS]).toBe('over-cap');
    const path = `/v2/acme/app/referrers/${image.digest}?again`;
    expect(server.asked(path)).toBe(CAPS.pages - 1);
  });
});

describe("cosign's older tags", () => {
  it('give signatures with their payload, and attestations', async () => {
    repository.referrers(image.digest, []);
    const tag = image.digest.replace(':', '-');
    const payload = JSON.stringify({ critical: {} });
    const signature = repository.blob(
      payload,
      'application/vnd.dev.cosign.simplesigning.v1+json',
    );
    const annotations = {
      'dev.cosignproject.cosign/signature': 'c2lnbmF0dXJl',
    };
    repository.manifest(
      { layers: [{ ...signature, annotations }] },
      `${tag}.sig`,
    );
    const envelope = JSON.stringify({
      payload: 'cGF5bG9hZA==',
      payloadType: 'application/vnd.in-toto+json',
      signatures: [{ sig: 'c2ln' }],
    });
    const attestation = repository.blob(
      envelope,
      'application/vnd.dsse.envelope.v1+json',
    );
    repository.manifest({ layers: [attestation] }, `${tag}.att`);

    const { evidence, findings } = await collect();
    expect(findings).toEqual([]);
    expect(evidence).toMatchObject([
      { mediaType: EVIDENCE_SIMPLE_SIGNING, source: `${HOST} .sig tag` },
      { mediaType: BUNDLE, source: `${HOST} .att tag` },
    ]);
    const simpleSigning = JSON.parse(evidence[0].bytes.toString());
    expect(Buffer.from(simpleSigning.payload, 'base64').toString()).toBe(
      payload,
    );

    // The same bytes are the same evidence: attached as what they are not, they
    // must not come with another media type.
    const attached = repository.bundle(evidence[0].bytes);
    repository.referrers(image.digest, [attached]);
    const again = await collect();
    expect(again.evidence).toMatchObject([
      {
        digest: evidence[0].digest,
        mediaType: EVIDENCE_SIMPLE_SIGNING,
        source: REFERRERS,
      },
      { digest: evidence[0].digest, mediaType: EVIDENCE_SIMPLE_SIGNING },
      { mediaType: BUNDLE },
    ]);
  });

  it('name a layer that is not read', async () => {
    repository.referrers(image.digest, []);
    const layers = [repository.blob('x', 'application/vnd.x')];
    repository.manifest({ layers }, `${image.digest.replace(':', '-')}.sig`);
    const result = await collect();
    expect(result.findings).toEqual([
      { code: 'format-unsupported', detail: 'application/vnd.x' },
    ]);
    expect(outcomes(result)[`${HOST} .sig tag`]).toBe('unsupported');
  });
});

describe('a bundle beside a file', () => {
  const text = 'https://plans.acme.example/prod/plan.json';
  const source = 'plans.acme.example bundle beside the file';

  it('is found under both names', async () => {
    server.on('/prod/plan.json.sigstore.json', { body: bundleText('a') });
    server.on('/prod/plan.json.sigstore', { body: bundleText('b') });
    const result = await collect({ text });
    expect(outcomes(result)).toEqual({ [source]: 'found' });
    expect(result.evidence.map(({ bytes }) => bytes.toString())).toEqual([
      bundleText('a'),
      bundleText('b'),
    ]);
  });

  it('is found once when both names hold the same', async () => {
    server.on('/prod/plan.json.sigstore.json', { body: bundleText('a') });
    server.on('/prod/plan.json.sigstore', { body: bundleText('a') });
    expect((await collect({ text })).evidence).toHaveLength(1);
  });

  it('is none where both names are missing', async () => {
    expect(outcomes(await collect({ text }))).toEqual({ [source]: 'none' });
  });

  it.each([
    [
      'a login page',
      { headers: { 'content-type': 'text/html' }, body: 'log in' },
    ],
    ['a page without a type', { body: '\n<!doctype html>' }],
  ])('is not %s', async (_, answer) => {
    server.on('/prod/plan.json.sigstore.json', answer);
    const result = await collect({ text });
    expect(result.evidence).toEqual([]);
    expect(outcomes(result)).toEqual({ [source]: 'unreachable' });
  });

  it('is evidence even when it is broken, but not when it is cut short', async () => {
    server.on('/prod/plan.json.sigstore.json', { body: '{"mediaType"}' });
    server.on('/prod/plan.json.sigstore', { body: '{"mediaType":' });
    const result = await collect({ text });
    expect(result.evidence).toMatchObject([{ mediaType: BUNDLE }]);
    expect(result.findings).toEqual([
      {
        code: 'source-unreachable',
        detail: 'plans.acme.example answered with a document that is cut short',
      },
    ]);
  });

  it('is broken, not cut short, where it is a file that was read to its end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'collect-half-'));
    try {
      await writeFile(join(folder, 'plan.json.sigstore.json'), '{"mediaType":');
      const result = await collect({
        text: `file:${folder}/plan.json`,
        fileRoots: [folder],
      });
      expect(result.evidence).toMatchObject([{ mediaType: BUNDLE }]);
      expect(result.findings).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is unknown when nothing answers', async () => {
    await outbound.close();
    outbound = clientAt(`http://127.0.0.1:${await closedPort()}`);
    const result = await collect({ text });
    expect(result.lookups).toMatchObject([
      {
        outcome: 'unreachable',
        cause: 'plans.acme.example did not answer: the connection was refused',
      },
    ]);
    expect(result.findings).toHaveLength(1);
  });

  it('is read from a folder, and not through a link out of it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'engine-'));
    const outside = await mkdtemp(join(tmpdir(), 'engine-'));
    try {
      const plan = join(folder, 'plan.json');
      await writeFile(`${plan}.sigstore.json`, bundleText('a'));
      await writeFile(join(outside, 'bundle'), bundleText('b'));
      await symlink(join(outside, 'bundle'), `${plan}.sigstore`);
      const result = await collect({
        text: 'file:plan.json',
        fileRoots: [folder],
      });
      expect(result.evidence).toHaveLength(1);
      expect(result.lookups).toMatchObject([
        { source: 'local files bundle beside the file', outcome: 'refused' },
      ]);
      expect(result.findings).toMatchObject([{ code: 'host-not-allowed' }]);
    } finally {
      await rm(folder, { recursive: true });
      await rm(outside, { recursive: true });
    }
  });
});

describe('collectEvidence', () => {
  it.each<[string, boolean]>([
    ['gives what a source found until its time was over', true],
    ['leaves a source behind that does not end', false],
  ])('%s', async (_, listens) => {
    repository.referrers(image.digest, [repository.bundle(bundleText('a'))]);
    const slow: EvidenceSource = {
      name: 'slow',
      covers: () => true,
      collect: (__, { signal }) =>
        new Promise(resolve => {
          const lookup = {
            source: 'slow',
            outcome: 'over-cap' as const,
            askedAt: now().toISOString(),
          };
          signal?.addEventListener('abort', () => {
            if (listens)
              resolve({ lookups: [lookup], evidence: [], findings: [] });
          });
        }),
    };
    const result = await collect({
      sources: [slow, ...builtInSources],
      sourceMs: 50,
    });
    expect(result.lookups[0]).toMatchObject(
      listens
        ? { source: 'slow', outcome: 'over-cap' }
        : {
            source: 'slow',
            outcome: 'unreachable',
            cause: 'the source did not answer in the time it has',
          },
    );
  });

  it('asks on when a source breaks its promise not to throw', async () => {
    repository.referrers(image.digest, [repository.bundle(bundleText('a'))]);
    const broken: EvidenceSource = {
      name: 'broken',
      covers: () => true,
      collect: async () => {
        throw new Error('oops');
      },
    };
    const result = await collect({ sources: [broken, ...builtInSources] });
    expect(result.lookups[0]).toMatchObject({
      source: 'broken',
      outcome: 'unreachable',
      cause: 'oops',
    });
    expect(result.evidence).toHaveLength(1);
  });
});
