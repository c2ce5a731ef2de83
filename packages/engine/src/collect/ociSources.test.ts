import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  BUNDLE,
  INDEX,
  sha256,
  TestDescriptor,
  TestRepository,
} from '../__testUtils__/TestRepository';
import { TestServer } from '../__testUtils__/TestServer';
import { OutboundClient } from '../outbound';
import { ResolvedArtifact } from '../resolve';
import { CAPS } from './caps';
import { collectEvidence } from './collectEvidence';
import { SignatureRepository } from './ociPlaces';
import { MAX_PLATFORMS } from './ociPlatforms';
import { ociSources } from './ociSources';

const HOST = 'registry.acme.example';
const REFERRERS = `${HOST} referrers`;
const ENVELOPE = 'application/vnd.dsse.envelope.v1+json';
const LEGACY_BUNDLE = 'application/vnd.dev.sigstore.bundle+json;version=0.3';
const FUTURE_BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.9+json';
const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json';
const now = () => new Date('2026-11-22T15:00:00Z');

let server: TestServer;
let repository: TestRepository;
let signatures: TestRepository;
let outbound: OutboundClient;
let image: TestDescriptor;

beforeEach(async () => {
  server = await TestServer.start();
  repository = new TestRepository(server, 'acme/app');
  signatures = new TestRepository(server, 'acme/signatures');
  outbound = OutboundClient.create({
    hosts: [{ host: HOST, endpoint: server.url, allowPrivateAddress: true }],
    includeWellKnownHosts: false,
  });
  image = repository.manifest({ layers: [] });
});

afterEach(async () => {
  await outbound.close();
  await server.close();
});

async function collect(
  artifact: Partial<ResolvedArtifact> = {},
  options: {
    signatureRepositories?: SignatureRepository[];
    known?: string[];
  } = {},
) {
  const parsed = parseReference(`${HOST}/acme/app:1.0`);
  if (!parsed.ok) throw new Error(parsed.problem);
  const { signatureRepositories, known } = options;
  const result = await collectEvidence(
    ociSources({ signatureRepositories }),
    {
      reference: parsed.parsed,
      artifact: { ...image, children: [], ...artifact },
      known: new Set(known),
    },
    { outbound, fileRoots: [], now },
  );
  return {
    ...result,
    outcomes: Object.fromEntries(
      result.lookups.map(({ source, outcome }) => [source, outcome]),
    ),
    about: result.evidence.map(piece => [piece.source, piece.artifactDigest]),
  };
}

const bundleText = (content: string) =>
  JSON.stringify({ mediaType: BUNDLE, content });
const tagOf = ({ digest }: TestDescriptor, suffix: string) =>
  `${digest.replace(':', '-')}.${suffix}`;

describe('a long list of referrers', () => {
  const good = bundleText('good');
  const junk = (count: number, more = {}) =>
    Array.from({ length: count }, (_, i) => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: sha256(`${i}`),
      size: 1,
      artifactType: 'application/vnd.cyclonedx+json',
      ...more,
    }));

  /** Answers in pages of 100, and filters as the specification says. */
  function serve(all: TestDescriptor[], filters: boolean) {
    const path = `${repository.path}/referrers/${image.digest}`;
    server.intercept = request => {
      const url = new URL(request.url ?? '', server.url);
      if (url.pathname !== path) return undefined;
      const type = filters ? url.searchParams.get('artifactType') : null;
      const start = Number(url.searchParams.get('start') ?? 0);
      const matching = all.filter(one => !type || one.artifactType === type);
      const query = new URLSearchParams({ start: `${start + 100}` });
      if (type) query.set('artifactType', type);
      const more = start + 100 < matching.length;
      return {
        headers: {
          'content-type': INDEX,
          ...(type ? { 'oci-filters-applied': 'artifactType' } : {}),
          ...(more ? { link: `<${path}?${query}>; rel="next"` } : {}),
        },
        body: JSON.stringify({
          schemaVersion: 2,
          mediaType: INDEX,
          manifests: matching.slice(start, start + 100),
        }),
      };
    };
  }

  it('gives up the good one that comes last, to a filter', async () => {
    serve([...junk(20_000), repository.bundle(good)], true);
    const { evidence, outcomes } = await collect();
    expect(evidence.map(({ digest }) => digest)).toEqual([sha256(good)]);
    expect(outcomes[REFERRERS]).toBe('found');
    expect(server.requests.length).toBeLessThan(CAPS.pages + 20);
  });

  it('gives up the good one that comes last, page by page', async () => {
    serve([...junk(4_000), repository.bundle(good)], false);
    const { evidence, outcomes } = await collect();
    expect(evidence.map(({ digest }) => digest)).toEqual([sha256(good)]);
    expect(outcomes[REFERRERS]).toBe('found');
  });

  it('is not over before it is', async () => {
    serve([...junk(6_000), repository.bundle(good)], false);
    const { evidence, outcomes } = await collect();
    expect(evidence).toEqual([]);
    expect(outcomes[REFERRERS]).toBe('over-cap');
  });

  it('in one piece that is too long is asked for by type', async () => {
    const annotations = { note: 'x'.repeat(2000) };
    const all = [...junk(3_000, { annotations }), repository.bundle(good)];
    repository.referrers(image.digest, all);
    const { outcomes, evidence } = await collect({}, { known: [sha256(good)] });
    expect(outcomes[REFERRERS]).toBe('over-cap');
    // Known to be sound, and asked for by its digest.
    expect(evidence).toHaveLength(1);

    serve([repository.bundle(good)], true);
    const filtering = server.intercept!;
    server.intercept = request =>
      request.url?.includes('artifactType') ? filtering(request) : undefined;
    expect((await collect()).outcomes[REFERRERS]).toBe('found');
  });

  it.each([
    ['of the type that v0.3 had first', LEGACY_BUNDLE, 20_000, 'found'],
    ['of a later version', FUTURE_BUNDLE, 500, 'unsupported'],
    ['of a later version', FUTURE_BUNDLE, 20_000, 'over-cap'],
    ['without a type', undefined, 500, 'found'],
    ['without a type', undefined, 20_000, 'over-cap'],
  ])(
    'does not hide one %s (%s, behind %s)',
    async (_, type, count, outcome) => {
      const mediaType = type ?? BUNDLE;
      const text = JSON.stringify({ mediaType, content: 'a' });
      const { artifactType, ...entry } = repository.bundle(text, mediaType);
      serve(
        [...junk(count), { ...entry, ...(type && { artifactType }) }],
        true,
      );
      const { evidence, outcomes } = await collect();
      expect(outcomes[REFERRERS]).toBe(outcome);
      expect(evidence).toHaveLength(outcome === 'found' ? 1 : 0);
    },
  );

  it('names what is not read, wherever it lies', async () => {
    const type = 'application/vnd.cncf.notary.signature';
    const notation = repository.manifest({ artifactType: type, layers: [] });
    serve([...junk(500), notation], true);
    const { findings, outcomes } = await collect();
    expect(findings).toContainEqual({
      code: 'format-unsupported',
      detail: type,
    });
    expect(outcomes[REFERRERS]).toBe('unsupported');
  });

  it.each<[string, object]>([
    ['a type that is too long', { artifactType: 'x'.repeat(300) }],
    ['annotations that are no texts', { annotations: { a: 1 } }],
    ['no digest', { digest: undefined }],
  ])('is read past an entry with %s, which is named', async (_, broken) => {
    const entry = { ...repository.bundle(good), ...broken };
    repository.referrers(image.digest, [entry, repository.bundle(good)]);
    const { evidence, outcomes } = await collect();
    expect(evidence).toHaveLength(1);
    expect(outcomes[REFERRERS]).toBe('found');

    repository.referrers(image.digest, [entry]);
    const broke = await collect();
    expect(broke.outcomes[REFERRERS]).toBe('unsupported');
    expect(broke.findings).toContainEqual({
      code: 'format-unsupported',
      detail: 'an entry among the referrers that cannot be read',
    });
  });

  it('that breaks off is no list', async () => {
    const link = '<?last=a>; rel="next"';
    repository.referrers(image.digest, [], '', link);
    const { lookups } = await collect();
    expect(lookups[0]).toMatchObject({
      outcome: 'unreachable',
      cause: `${HOST} lists referrers on a page that is missing`,
    });
  });

  it('of bundles is read as far as the caps allow', async () => {
    const all = Array.from({ length: CAPS.examined + 50 }, (_, i) =>
      repository.bundle(bundleText(`${i}`)),
    );
    serve(all, true);
    const { outcomes, evidence } = await collect();
    expect(evidence).toHaveLength(CAPS.kept);
    expect(outcomes[REFERRERS]).toBe('over-cap');
  });
});

describe('what tools write', () => {
  const envelope = JSON.stringify({
    payload: 'cGF5bG9hZA==',
    payloadType: 'application/vnd.in-toto+json',
    signatures: [{ sig: 'c2ln' }],
  });
  const annotations = { 'dev.cosignproject.cosign/signature': 'c2ln' };

  it.each([
    [
      'signatures',
      'application/vnd.dev.cosign.artifact.sig.v1+json',
      SIMPLE_SIGNING,
    ],
    [
      'attestations',
      'application/vnd.dev.cosign.artifact.att.v1+json',
      ENVELOPE,
    ],
    ['attestations', 'application/vnd.in-toto+json', ENVELOPE],
    ['attestations', 'application/vnd.dsse.envelope.v1+json', ENVELOPE],
    [
      'attestations',
      'application/vnd.in-toto+dsse',
      'application/vnd.in-toto+dsse',
    ],
  ])(
    'as %s that refer to an image as %s is read',
    async (_, artifactType, layer) => {
      const layers = [{ ...repository.blob(envelope, layer), annotations }];
      repository.referrers(image.digest, [
        repository.manifest({ artifactType, layers }),
      ]);
      const { evidence, findings } = await collect();
      expect(evidence).toHaveLength(1);
      expect(findings).toEqual([]);
    },
  );

  // As go-containerregistry's registry lists them.
  it('as a bundle is read where the list tells the type of its configuration', async () => {
    const text = bundleText('a');
    const artifactType = 'application/vnd.oci.empty.v1+json';
    repository.referrers(image.digest, [
      { ...repository.bundle(text), artifactType },
    ]);
    const { evidence } = await collect();
    expect(evidence.map(({ digest }) => digest)).toEqual([sha256(text)]);
  });

  it.each<[string, () => void, string]>([
    [
      'a list of contents under a tag',
      () => {
        const layers = [repository.blob('{}', 'text/spdx+json')];
        repository.manifest({ layers }, tagOf(image, 'sbom'));
      },
      'text/spdx+json under the tag sha256-',
    ],
    [
      'a list of contents that refers to the image',
      () => {
        const artifactType = 'application/vnd.cyclonedx+json';
        repository.referrers(image.digest, [
          repository.manifest({ artifactType, layers: [] }),
        ]);
      },
      'application/vnd.cyclonedx+json',
    ],
    [
      'a statement by itself',
      () => {
        const artifactType = 'application/vnd.in-toto+json';
        const layers = [repository.blob('{}', artifactType)];
        repository.referrers(image.digest, [
          repository.manifest({ artifactType, layers }),
        ]);
      },
      'application/vnd.in-toto+json, a statement without a signature',
    ],
  ])(
    'unsigned, as %s, is told apart from signatures',
    async (_, put, detail) => {
      put();
      const { evidence, outcomes, findings } = await collect();
      expect(evidence).toEqual([]);
      expect(findings).toEqual([
        { code: 'unsigned-document', detail: expect.stringContaining(detail) },
      ]);
      expect(outcomes).toEqual({
        [REFERRERS]: 'none',
        [`${HOST} .sig tag`]: 'none',
        [`${HOST} .att tag`]: 'none',
      });
    },
  );

  it('is read past a layer that is none, which is named', async () => {
    const layer = repository.blob(envelope, ENVELOPE);
    const broken = { ...layer, size: -1 };
    repository.manifest({ layers: [broken, layer] }, tagOf(image, 'att'));
    const { evidence, findings } = await collect();
    expect(evidence).toHaveLength(1);
    expect(findings).toEqual([
      { code: 'format-unsupported', detail: 'a layer that cannot be read' },
    ]);
  });

  it('unsigned is not asked for where there are signatures', async () => {
    repository.referrers(image.digest, [repository.bundle(bundleText('a'))]);
    const { findings } = await collect();
    expect(findings).toEqual([]);
    expect(server.requests.filter(one => one.url.endsWith('.sbom'))).toEqual(
      [],
    );
  });
});

describe('a repository of signatures', () => {
  const separate = (images: string) => ({
    signatureRepositories: [{ images, repository: `${HOST}/acme/signatures` }],
  });
  const PLACE = `${HOST}/acme/signatures`;

  it.each([HOST, `${HOST}/acme`, `${HOST}/acme/app`])(
    'is asked about the images of %s',
    async images => {
      const layers = [signatures.blob('{}', SIMPLE_SIGNING)];
      signatures.manifest({ layers }, tagOf(image, 'sig'));
      signatures.referrers(image.digest, [signatures.bundle(bundleText('a'))]);
      const { about, outcomes } = await collect({}, separate(images));
      expect(about).toEqual([
        [`${PLACE} referrers`, image.digest],
        [`${PLACE} .sig tag`, image.digest],
      ]);
      expect(outcomes).toMatchObject({
        [`${PLACE} .sig tag`]: 'found',
        [`${HOST} .sig tag`]: 'none',
      });
    },
  );

  it.each([`${HOST}/acm`, `${HOST}/acme/app/more`, 'other.example'])(
    'of %s is not asked about other images',
    async images => {
      const { outcomes } = await collect({}, separate(images));
      expect(Object.keys(outcomes)).toHaveLength(3);
    },
  );

  it('that does not answer is a source that does not answer', async () => {
    server.on(`${signatures.path}/manifests/${tagOf(image, 'sig')}`, {
      status: 403,
    });
    const { outcomes } = await collect({}, separate(HOST));
    expect(outcomes[`${PLACE} .sig tag`]).toBe('refused');
  });

  it('on a host that is not allowed is not asked', async () => {
    const repositories = [
      { images: HOST, repository: 'evil.example/acme/signatures' },
    ];
    const { lookups } = await collect(
      {},
      { signatureRepositories: repositories },
    );
    expect(lookups[1]).toMatchObject({
      outcome: 'refused',
      cause: 'evil.example is not on the list of allowed hosts',
    });
  });
});

describe('a platform image', () => {
  it('has the evidence of its index, too', async () => {
    const index = repository.index([image]);
    repository.referrers(image.digest, [repository.bundle(bundleText('a'))]);
    repository.referrers(index.digest, [repository.bundle(bundleText('b'))]);
    const layers = [repository.blob('{}', ENVELOPE)];
    repository.manifest({ layers }, tagOf(index, 'att'));
    const { about, outcomes } = await collect({ parents: [index.digest] });
    expect(about).toEqual([
      [REFERRERS, image.digest],
      [`${REFERRERS} of the index`, index.digest],
      [`${HOST} .att tag of the index`, index.digest],
    ]);
    expect(outcomes[`${HOST} .sig tag of the index`]).toBe('none');
  });

  it('is not unsigned while its index cannot be asked about', async () => {
    const index = repository.index([image]);
    server.on(`${repository.path}/referrers/${index.digest}`, { status: 503 });
    const { outcomes } = await collect({ parents: [index.digest] });
    expect(outcomes[`${REFERRERS} of the index`]).toBe('unreachable');
  });
});

describe('an index', () => {
  const ofPlatforms = `${HOST} evidence of platforms`;

  function platforms(count: number) {
    return Array.from({ length: count }, (_, i) => {
      const layers = [repository.blob(`${i}`, 'text/plain')];
      const manifest = repository.manifest({ layers });
      const bundle = repository.bundle(bundleText(`of ${i}`));
      repository.referrers(manifest.digest, [bundle]);
      return manifest;
    });
  }

  it('without evidence is told that its platforms have some', async () => {
    const children = platforms(2);
    const { about, outcomes, findings } = await collect({ children });
    expect(about).toEqual(children.map(({ digest }) => [ofPlatforms, digest]));
    expect(outcomes[ofPlatforms]).toBe('found');
    expect(outcomes[REFERRERS]).toBe('none');
    expect(findings).toEqual([]);
  });

  it('with evidence of its own is not asked about its platforms', async () => {
    repository.referrers(image.digest, [repository.bundle(bundleText('a'))]);
    const children = platforms(2);
    const { about } = await collect({ children });
    expect(about).toEqual([[REFERRERS, image.digest]]);
    expect(
      server.requests.filter(({ url }) => url.includes(children[0].digest)),
    ).toEqual([]);
  });

  it('is as unsigned as before where a platform cannot be asked about', async () => {
    const children = platforms(2);
    server.on(`${repository.path}/referrers/${children[0].digest}`, {
      status: 500,
    });
    const { about, lookups } = await collect({ children });
    expect(about).toHaveLength(1);
    expect(lookups.map(({ outcome }) => outcome)).toEqual([
      'none',
      'none',
      'none',
    ]);
  });

  it('is as unsigned as before where a platform has what is not read', async () => {
    const type = 'application/vnd.cncf.notary.signature';
    const layers = [repository.blob('0', 'text/plain')];
    const child = repository.manifest({ layers });
    repository.referrers(child.digest, [
      repository.manifest({ artifactType: type, layers: [] }),
    ]);
    const { outcomes, findings } = await collect({ children: [child] });
    expect(outcomes[ofPlatforms]).toBe('none');
    expect(findings).toEqual([]);
  });

  it('is asked about so many platforms, and none that are no platforms', async () => {
    const [attestation, ...children] = platforms(MAX_PLATFORMS + 3);
    const { about } = await collect({
      children: [{ ...attestation, isAttestation: true }, ...children],
    });
    expect(about.map(([, digest]) => digest)).toEqual(
      children.slice(0, MAX_PLATFORMS).map(({ digest }) => digest),
    );
  });

  it('names what BuildKit attached, where nothing is signed', async () => {
    const { findings } = await collect({
      children: [{ ...image, isAttestation: true }],
    });
    expect(findings).toEqual([
      {
        code: 'unsigned-document',
        detail: 'the index lists 1 attestation manifests of BuildKit',
      },
    ]);
  });
});
