import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createWorldServer } from './worldServer.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';
const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

describe('the server of the demo world', () => {
  let dir: string;
  let server: Server;
  const digests: Record<string, string> = {};

  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'world-'));
    await writeWorld(dir, digests);
    server = createWorldServer(dir).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(async () => {
    server.close();
    await rm(dir, { recursive: true });
  });

  /** Asks for a path exactly as it is written, without tidying it up. */
  const ask = async (target: string, method = 'GET') => {
    const { port } = server.address() as AddressInfo;
    const sent = request({
      host: '127.0.0.1',
      port,
      path: target,
      method,
    }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: Buffer.concat(chunks).toString(),
    };
  };

  it('says that it is a registry', async () => {
    assert.equal((await ask('/v2/')).status, 200);
  });

  it('lists tags', async () => {
    const { text } = await ask('/v2/acme/shop/tags/list');
    assert.deepEqual(JSON.parse(text), {
      name: 'acme/shop',
      tags: ['1.0', 'latest'],
    });
    assert.equal((await ask('/v2/acme/none/tags/list')).status, 404);
  });

  it('gives a manifest by tag and by digest, with its digest and type', async () => {
    for (const reference of ['1.0', digests.image]) {
      const { status, headers, text } = await ask(
        `/v2/acme/shop/manifests/${reference}`,
      );
      assert.equal(status, 200);
      assert.equal(headers['docker-content-digest'], digests.image);
      assert.equal(headers['content-type'], manifestType);
      assert.equal(digestOf(text), digests.image);
    }
  });

  it('answers HEAD with the headers of GET and no body', async () => {
    const get = await ask('/v2/acme/shop/manifests/1.0');
    const head = await ask('/v2/acme/shop/manifests/1.0', 'HEAD');
    assert.equal(head.text, '');
    assert.equal(head.headers['content-length'], String(get.text.length));
    assert.equal(head.headers['docker-content-digest'], digests.image);
  });

  it('gives a blob by digest', async () => {
    const { text, headers } = await ask(
      `/v2/acme/shop/blobs/${digests.bundle}`,
    );
    assert.equal(text, 'a bundle');
    assert.equal(headers['docker-content-digest'], digests.bundle);
    const unknown = `sha256:${'0'.repeat(64)}`;
    assert.equal((await ask(`/v2/acme/shop/blobs/${unknown}`)).status, 404);
  });

  it('finds what refers to a manifest', async () => {
    const { text, headers } = await ask(
      `/v2/acme/shop/referrers/${digests.image}`,
    );
    assert.equal(headers['content-type'], indexType);
    assert.equal(headers['oci-filters-applied'], undefined);
    const index = JSON.parse(text);
    assert.equal(index.mediaType, indexType);
    assert.deepEqual(
      index.manifests.map((one: { digest: string }) => one.digest),
      [digests.referrer, digests.sbom],
    );
    assert.equal(index.manifests[0].artifactType, bundleType);
    assert.deepEqual(index.manifests[0].annotations, { made: 'by hand' });
  });

  it('finds nothing for what nothing refers to', async () => {
    const { status, text } = await ask(
      `/v2/acme/shop/referrers/${digests.referrer}`,
    );
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(text).manifests, []);
  });

  it('filters by artifact type and says so', async () => {
    const { text, headers } = await ask(
      `/v2/acme/shop/referrers/${
        digests.image
      }?artifactType=${encodeURIComponent(bundleType)}`,
    );
    assert.equal(headers['oci-filters-applied'], 'artifactType');
    assert.equal(JSON.parse(text).manifests.length, 1);
  });

  it('refuses a digest that is none', async () => {
    assert.equal((await ask('/v2/acme/shop/referrers/latest')).status, 400);
  });

  it('serves the log and the store', async () => {
    assert.equal((await ask('/log/tile/0/000.p/1')).text, 'a tile');
    const plan = await ask('/store/prod/plan.json');
    assert.equal(plan.text, '{}');
    assert.equal(plan.headers['content-type'], 'application/json');
  });

  it('serves only reads', async () => {
    for (const method of ['PUT', 'POST', 'DELETE', 'PATCH']) {
      const { status, headers } = await ask(
        '/v2/acme/shop/manifests/1.0',
        method,
      );
      assert.equal(status, 405);
      assert.equal(headers.allow, 'GET, HEAD');
    }
  });

  for (const target of [
    '/store/../secret.json',
    '/store/%2e%2e/secret.json',
    '/store/..%2fsecret.json',
    '/store/prod/..%5c..%5csecret.json',
    '/store/prod/../../secret.json',
    '/store//secret.json',
    '/store/.hidden',
    '/store/outside/secret.json',
    '/store/prod',
    '/store/',
    '/store/prod/plan.json%00',
    '/v2/../../secret.json/tags/list',
    '/v2/acme/../acme/shop/manifests/..%2f..%2findex.json',
    '/v2/acme/shop/blobs/sha256:..%2f..%2findex.json',
    '/secret.json',
    '/constructor/name',
  ]) {
    it(`finds nothing at ${target}`, async () => {
      const { status, text } = await ask(target);
      assert.equal(status, 404);
      assert.ok(!text.includes('secret'));
    });
  }

  it('refuses what is no path', async () => {
    assert.equal((await ask('/store/%zz')).status, 400);
  });
});

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

async function writeWorld(
  dir: string,
  digests: Record<string, string>,
): Promise<void> {
  const recorded = path.join(dir, 'recorded');
  const layout = path.join(recorded, 'registry', 'acme', 'shop');
  const files: Record<string, string> = {
    'secret.json': 'a secret',
    'recorded/secret.json': 'a secret',
    'recorded/store/.hidden': 'a secret',
    'recorded/store/prod/plan.json': '{}',
    'recorded/log/tile/0/000.p/1': 'a tile',
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.join(dir, path.dirname(file)), { recursive: true });
    await writeFile(path.join(dir, file), text);
  }
  await symlink(dir, path.join(recorded, 'store', 'outside'));

  const put = async (name: string, text: string) => {
    digests[name] = digestOf(text);
    const blobs = path.join(layout, 'blobs', 'sha256');
    await mkdir(blobs, { recursive: true });
    await writeFile(
      path.join(blobs, digests[name].slice('sha256:'.length)),
      text,
    );
    return {
      mediaType: manifestType,
      digest: digests[name],
      size: text.length,
    };
  };
  await put('bundle', 'a bundle');
  const image = await put(
    'image',
    JSON.stringify({ mediaType: manifestType, layers: [] }),
  );
  const referring = (artifactType: string) =>
    JSON.stringify({
      mediaType: manifestType,
      artifactType,
      subject: image,
      annotations: { made: 'by hand' },
    });
  const manifests = [
    { ...image, annotations: { 'org.opencontainers.image.ref.name': '1.0' } },
    {
      ...image,
      annotations: { 'org.opencontainers.image.ref.name': 'latest' },
    },
    await put('referrer', referring(bundleType)),
    await put('sbom', referring('application/spdx+json')),
  ];
  await writeFile(
    path.join(layout, 'index.json'),
    JSON.stringify({ manifests }),
  );
}
