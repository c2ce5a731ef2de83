import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  INDEX,
  MANIFEST,
  sha256,
  TestRepository,
} from '../__testUtils__/TestRepository';
import { closedPort, endless, TestServer } from '../__testUtils__/TestServer';
import { OutboundClient } from '../outbound';
import { resolveReference } from './resolveReference';

const HOST = 'registry.acme.example';
const now = () => new Date('2026-11-22T15:00:00Z');

let server: TestServer;
let repository: TestRepository;
let outbound: OutboundClient;
let folder: string;

beforeEach(async () => {
  server = await TestServer.start();
  repository = new TestRepository(server, 'acme/app');
  outbound = clientAt(server.url);
  folder = await mkdtemp(join(tmpdir(), 'engine-'));
});

afterEach(async () => {
  await outbound.close();
  await server.close();
  await rm(folder, { recursive: true });
});

function clientAt(endpoint: string) {
  return OutboundClient.create({
    hosts: [
      { host: HOST, endpoint, allowPrivateAddress: true },
      {
        host: 'plans.acme.example',
        endpoint: `${endpoint}/store`,
        allowPrivateAddress: true,
      },
    ],
    includeWellKnownHosts: false,
  });
}

function resolve(text: string, fileRoots: string[] = []) {
  const reference = parseReference(text);
  if (!reference.ok) throw new Error(reference.problem);
  return resolveReference(reference.parsed, { outbound, fileRoots, now });
}

describe('resolving an OCI reference', () => {
  const tagPath = '/v2/acme/app/manifests/1.0';

  it('computes the digest of a manifest', async () => {
    const { digest, size } = repository.manifest({ layers: [] }, '1.0');
    expect(await resolve(`${HOST}/acme/app:1.0`)).toEqual({
      lookup: {
        source: `${HOST} artifact`,
        outcome: 'found',
        askedAt: '2026-11-22T15:00:00.000Z',
      },
      artifact: { digest, size, mediaType: MANIFEST, children: [] },
    });
  });

  it('lists what an index holds', async () => {
    const amd64 = repository.manifest({ layers: [] });
    const arm64 = repository.manifest({
      layers: [repository.blob('x', 'application/x')],
    });
    repository.index(
      [
        { ...amd64, platform: { os: 'linux', architecture: 'amd64' } },
        {
          ...arm64,
          platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
        },
      ],
      '1.0',
    );
    const { artifact } = await resolve(`${HOST}/acme/app:1.0`);
    expect(artifact?.mediaType).toBe(INDEX);
    expect(artifact?.children).toEqual([
      { ...amd64, platform: 'linux/amd64' },
      { ...arm64, platform: 'linux/arm64/v8' },
    ]);
  });

  it('asks by the digest where the reference has one', async () => {
    const { digest } = repository.manifest({ layers: [] });
    const result = await resolve(`${HOST}/acme/app@${digest}`);
    expect(result.artifact?.digest).toBe(digest);
    expect(server.requests).toHaveLength(1);
  });

  it('tells attestation manifests of BuildKit from platforms', async () => {
    const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' };
    const platform = { os: 'unknown', architecture: 'unknown' };
    const manifest = repository.manifest({ layers: [] });
    repository.index([{ ...manifest, platform, annotations }], '1.0');
    const { artifact } = await resolve(`${HOST}/acme/app:1.0`);
    expect(artifact?.children).toEqual([{ ...manifest, isAttestation: true }]);
  });

  describe('by a tag and the digest of a platform', () => {
    const named = (digest: string) => `${HOST}/acme/app:1.0@${digest}`;

    it('finds the index under the tag that lists it', async () => {
      const image = repository.manifest({ layers: [] });
      const index = repository.index([image], '1.0');
      const result = await resolve(named(image.digest));
      expect(result.artifact).toMatchObject({
        digest: image.digest,
        parents: [index.digest],
      });
      expect(result).not.toHaveProperty('indexLookup');
    });

    it('takes the index by its bytes, not by the digest that is announced', async () => {
      const image = repository.manifest({ layers: [] });
      const index = repository.index([]);
      server.on(tagPath, {
        headers: {
          'content-type': INDEX,
          'docker-content-digest': index.digest,
        },
        body: JSON.stringify({
          schemaVersion: 2,
          mediaType: INDEX,
          manifests: [image],
        }),
      });
      const result = await resolve(named(image.digest));
      expect(result.artifact).not.toHaveProperty('parents');
      expect(result.indexLookup?.outcome).toBe('unreachable');
    });

    it.each<[string, () => void]>([
      ['an empty index', () => repository.index([], '1.0')],
      [
        'an index of others',
        () => {
          const layers = [repository.blob('other', 'text/plain')];
          repository.index([repository.manifest({ layers })], '1.0');
        },
      ],
      ['the image itself', () => repository.manifest({ layers: [] }, '1.0')],
      ['nothing', () => server.on(tagPath, { status: 404 })],
    ])('finds none where the tag leads to %s', async (_, put) => {
      const image = repository.manifest({ layers: [] });
      put();
      const result = await resolve(named(image.digest));
      expect(result.lookup.outcome).toBe('found');
      expect(result.artifact).not.toHaveProperty('parents');
      expect(result).not.toHaveProperty('indexLookup');
    });

    it.each([
      [500, 'unreachable'],
      [403, 'refused'],
    ])(
      'says that it is not known where it answers %s',
      async (status, outcome) => {
        const image = repository.manifest({ layers: [] });
        server.on(tagPath, { status });
        const result = await resolve(named(image.digest));
        expect(result.lookup.outcome).toBe('found');
        expect(result.artifact?.digest).toBe(image.digest);
        expect(result.indexLookup).toMatchObject({
          source: `${HOST} index under the tag`,
          outcome,
          cause: expect.stringContaining(`status ${status}`),
        });
      },
    );
  });

  it('does not take other bytes than the digest says', async () => {
    const digest = sha256('something else');
    server.on(`/v2/acme/app/manifests/${digest}`, {
      headers: { 'content-type': MANIFEST },
      body: JSON.stringify({ schemaVersion: 2, layers: [] }),
    });
    expect(await resolve(`${HOST}/acme/app@${digest}`)).toEqual({
      lookup: expect.objectContaining({
        outcome: 'unreachable',
        cause: `${HOST} answered with a manifest whose bytes have another digest`,
      }),
      failure: 'source-unreachable',
    });
  });

  it('does not take the digest that the registry announces', async () => {
    server.on(tagPath, {
      headers: {
        'content-type': MANIFEST,
        'docker-content-digest': sha256('something else'),
      },
      body: JSON.stringify({ schemaVersion: 2, layers: [] }),
    });
    expect(await resolve(`${HOST}/acme/app:1.0`)).toMatchObject({
      lookup: { outcome: 'unreachable' },
      failure: 'source-unreachable',
    });
  });

  it('says that there is nothing', async () => {
    expect(await resolve(`${HOST}/acme/app:2.0`)).toEqual({
      lookup: expect.objectContaining({ outcome: 'none' }),
      failure: 'artifact-not-found',
    });
  });

  it.each([401, 403])('says that it was refused: %s', async status => {
    server.on(tagPath, { status });
    expect(await resolve(`${HOST}/acme/app:1.0`)).toEqual({
      lookup: expect.objectContaining({
        outcome: 'refused',
        cause: `${HOST} refused the request (status ${status})`,
      }),
      failure: 'source-refused',
    });
  });

  it('says that nothing answered', async () => {
    await outbound.close();
    outbound = clientAt(`http://127.0.0.1:${await closedPort()}`);
    expect(await resolve(`${HOST}/acme/app:1.0`)).toEqual({
      lookup: expect.objectContaining({
        outcome: 'unreachable',
        cause: `${HOST} did not answer: the connection was refused`,
      }),
      failure: 'source-unreachable',
    });
  });

  it('says that a host is not allowed', async () => {
    expect(await resolve('other.example/acme/app:1.0')).toEqual({
      lookup: expect.objectContaining({
        source: 'other.example artifact',
        outcome: 'refused',
        cause: 'other.example is not on the list of allowed hosts',
      }),
      failure: 'host-not-allowed',
    });
  });

  it('gives up on an endless manifest', async () => {
    const { answer, closed } = endless({ 'content-type': MANIFEST });
    server.on(tagPath, answer);
    expect(await resolve(`${HOST}/acme/app:1.0`)).toMatchObject({
      lookup: { outcome: 'over-cap' },
      failure: 'evidence-over-cap',
    });
    await closed;
  });

  it.each([
    ['a web page', 'text/html', '<html>log in</html>', 'source-unreachable'],
    ['half a manifest', MANIFEST, '{"schemaVersion":2,', 'source-unreachable'],
    [
      'a manifest without layers',
      MANIFEST,
      '{"schemaVersion":2}',
      'format-unsupported',
    ],
    [
      'an older format',
      'application/vnd.docker.distribution.manifest.v1+json',
      '{"schemaVersion":1}',
      'format-unsupported',
    ],
    [
      'something that is a manifest and an index',
      MANIFEST,
      '{"schemaVersion":2,"layers":[],"manifests":[]}',
      'format-unsupported',
    ],
  ])('does not take %s for a manifest', async (_, type, body, failure) => {
    server.on(tagPath, { headers: { 'content-type': type }, body });
    const result = await resolve(`${HOST}/acme/app:1.0`);
    expect(result).toMatchObject({ failure });
    expect(result.lookup.cause).toContain(HOST);
    expect(result.artifact).toBeUndefined();
  });

  it('follows the media type that is written over the one in the header', async () => {
    const json = { schemaVersion: 2, mediaType: MANIFEST, layers: [] };
    server.on(tagPath, {
      headers: { 'content-type': INDEX },
      body: JSON.stringify(json),
    });
    const { artifact } = await resolve(`${HOST}/acme/app:1.0`);
    expect(artifact?.mediaType).toBe(MANIFEST);
  });

  it("finds Docker Hub's official images in their folder", async () => {
    await outbound.close();
    outbound = OutboundClient.create({
      hosts: [
        { host: 'docker.io', endpoint: server.url, allowPrivateAddress: true },
      ],
    });
    const official = new TestRepository(server, 'library/alpine');
    const { digest } = official.manifest({ layers: [] }, 'latest');
    expect((await resolve('docker.io/alpine')).artifact?.digest).toBe(digest);
  });
});

describe('resolving a file on a web server', () => {
  it('hashes it', async () => {
    const body = Buffer.alloc(3 * 1024 * 1024, 'plan');
    server.on('/store/prod/plan.json', { body });
    const { artifact } = await resolve(
      'https://plans.acme.example/prod/plan.json',
    );
    expect(artifact).toEqual({
      digest: sha256(body),
      otherDigests: [
        expect.stringMatching(/^sha384:[0-9a-f]{96}$/),
        expect.stringMatching(/^sha512:[0-9a-f]{128}$/),
      ],
      size: body.length,
      mediaType: 'application/octet-stream',
      children: [],
    });
  });

  it('says that it is not there', async () => {
    expect(
      await resolve('https://plans.acme.example/prod/plan.json'),
    ).toMatchObject({
      lookup: { source: 'plans.acme.example artifact', outcome: 'none' },
      failure: 'artifact-not-found',
    });
  });
});

describe('resolving a file in a folder', () => {
  let root: string;
  let secret: string;

  beforeEach(async () => {
    root = join(folder, 'root');
    secret = join(folder, 'secret');
    await mkdir(join(root, 'prod'), { recursive: true });
    await writeFile(join(root, 'prod', 'plan.json'), 'plan');
    await writeFile(secret, 'secret');
  });

  it.each([
    ['an absolute path', () => join(root, 'prod/plan.json')],
    ['a path below a root', () => 'prod/plan.json'],
  ])('hashes it by %s', async (_, path) => {
    const { lookup, artifact } = await resolve(`file:${path()}`, [
      join(folder, 'no-such-root'),
      root,
    ]);
    expect(lookup).toMatchObject({
      source: 'local files artifact',
      outcome: 'found',
    });
    expect(artifact).toMatchObject({ digest: sha256('plan'), size: 4 });
  });

  it('follows links inside the root, and the root itself being one', async () => {
    await symlink(root, join(folder, 'link'));
    await symlink('prod/plan.json', join(root, 'current'));
    const { artifact } = await resolve('file:current', [join(folder, 'link')]);
    expect(artifact?.digest).toBe(sha256('plan'));
  });

  it.each([
    ['a link out of the root', () => symlink(secret, join(root, 'x')), 'x'],
    [
      'a folder linked out of the root',
      () => symlink(folder, join(root, 'y')),
      'y/secret',
    ],
  ])('does not follow %s', async (_, prepare, path) => {
    await prepare();
    expect(await resolve(`file:${path}`, [root])).toEqual({
      lookup: expect.objectContaining({
        outcome: 'refused',
        cause:
          'local files are read only in the configured folders, and this one lies outside',
      }),
      failure: 'host-not-allowed',
    });
  });

  it('does not tell whether something outside exists', async () => {
    const there = await resolve(`file:${secret}`, [root]);
    const notThere = await resolve(`file:${secret}-not`, [root]);
    expect(there.failure).toBe('host-not-allowed');
    expect(notThere).toEqual(there);
    expect((await resolve(`file:${secret}`)).failure).toBe('host-not-allowed');
  });

  it('does not take a folder whose name begins like a root for the root', async () => {
    await mkdir(`${root}-other`);
    await writeFile(join(`${root}-other`, 'plan.json'), 'other');
    const result = await resolve(`file:${root}-other/plan.json`, [root]);
    expect(result.failure).toBe('host-not-allowed');
  });

  it('says that it is not there, or no file', async () => {
    expect((await resolve('file:prod/no.json', [root])).failure).toBe(
      'artifact-not-found',
    );
    expect((await resolve('file:prod', [root])).failure).toBe(
      'format-unsupported',
    );
  });
});
