import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
/* What no registry of the recorded world has is served by the engine's tests. */
/* eslint-disable @backstage/no-relative-monorepo-imports */
import { TestRepository } from '../../../engine/src/__testUtils__/TestRepository';
import { TestServer } from '../../../engine/src/__testUtils__/TestServer';
import { MockInstance } from '../../../engine/src/verify/__testUtils__/MockInstance';
/* eslint-enable @backstage/no-relative-monorepo-imports */
import { runCt } from '../__testUtils__/runCt';
import { EXIT } from '../exitCodes';
import { reportSchema } from '../report/reportSchema';

jest.setTimeout(60_000);

const HOST = 'registry.acme.example';

describe('ct verify artifact of a platform image', () => {
  let folder: string;
  let server: TestServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ct-platform-'));
    server = await TestServer.start();
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('holds where the index that its tag leads to is signed, and says so', async () => {
    const instance = await MockInstance.create();
    const root = join(folder, 'trusted_root.json');
    await writeFile(root, JSON.stringify(instance.trustedRoot()));
    const repository = new TestRepository(server, 'acme/app');
    const image = (name: string) =>
      repository.manifest({ layers: [repository.blob(name, 'text/plain')] });
    const platform = image('amd64');
    const stranger = image('another');
    const index = repository.index([platform], '1.4');
    const payload = {
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'https://sigstore.dev/cosign/sign/v1',
      subject: [{ name: '', digest: { sha256: index.digest.slice(7) } }],
      predicate: {},
    };
    const bundle = await instance.signEnvelope(
      Buffer.from(JSON.stringify(payload)),
    );
    repository.referrers(index.digest, [
      repository.bundle(JSON.stringify(bundle)),
    ]);

    const verify = (digest: string, ...more: string[]) =>
      runCt([
        ...['verify', 'artifact', `${HOST}/acme/app:1.4@${digest}`],
        ...['--certificate-identity', 'https://mock/identity'],
        ...['--certificate-oidc-issuer', 'https://issuer.mock'],
        ...['--trusted-root', root],
        ...['--mirror', `${HOST}=${server.url}`],
        ...['--allow-private-address', HOST],
        ...more,
      ]);
    const { code, out } = await verify(platform.digest, '--output', 'json');
    const report = reportSchema.parse(JSON.parse(out));
    expect(report.status).toBe('expected-signer');
    expect(report.throughIndex).toBe(index.digest);
    expect(code).toBe(EXIT.expected);
    expect((await verify(platform.digest)).out).toContain(
      `signed the index ${index.digest}, which lists ${platform.digest}`,
    );

    expect((await verify(stranger.digest)).code).toBe(EXIT.notExpected);
  });
});
