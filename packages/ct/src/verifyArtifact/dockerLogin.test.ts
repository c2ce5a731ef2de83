import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AcmeServer, GITHUB, TRUSTED_ROOT } from '../__testUtils__/acmeWorld';
import { runCt } from '../__testUtils__/runCt';

const IMAGE = 'registry.acme.example/acme/checkout:1.4.2';
const SECRET = 's3cret';
const BASIC = `Basic ${Buffer.from(`robot:${SECRET}`).toString('base64')}`;
const EXPECTED = [
  '--certificate-identity',
  'https://github.com/acme/checkout/.github/workflows/release.yml@refs/heads/main',
  ...['--certificate-oidc-issuer', GITHUB],
  ...['--trusted-root', TRUSTED_ROOT, '--allow-demo-root'],
];

describe('ct with a Docker login', () => {
  let world: AcmeServer;
  let folder: string;
  let host: string;
  const sent = new Set<string | undefined>();

  // The registry of the world, for those who are logged in.
  const registry = createServer(({ url, headers }, response) => {
    sent.add(headers.authorization);
    if (headers.authorization !== BASIC) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="acme"' });
      response.end();
      return;
    }
    const [, origin] = /=(http:.*)/.exec(world.flags[1])!;
    const { accept = '*/*' } = headers;
    request(origin + url, { headers: { accept } }, answer => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    }).end();
  });

  beforeAll(async () => {
    world = await AcmeServer.start();
    await new Promise<void>(done => registry.listen(0, '127.0.0.1', done));
    host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    registry.close();
    await world.stop();
  });

  beforeEach(async () => {
    sent.clear();
    folder = await mkdtemp(join(tmpdir(), 'ct-docker-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function verify(config: unknown, flags: string[] = []) {
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const name = 'registry.acme.example';
    return runCt(
      [
        ...['verify', 'artifact', ...EXPECTED, ...flags],
        ...['--mirror', `${name}=http://${host}`],
        ...['--allow-private-address', name, '--', IMAGE],
      ],
      { env: { DOCKER_CONFIG: folder, PATH: folder } },
    );
  }

  const login = () => ({
    [host]: { auth: Buffer.from(`robot:${SECRET}`).toString('base64') },
  });

  it('asks as whoever is logged in', async () => {
    expect(await verify({ auths: login() })).toMatchObject({ code: 0 });
    expect(sent).toEqual(new Set([undefined, BASIC]));
  });

  it('asks as anybody may where it is told so', async () => {
    const { code } = await verify({ auths: login() }, [
      '--no-docker-credentials',
    ]);
    expect(code).toBe(3);
    expect(sent).toEqual(new Set([undefined]));
  });

  it('does not send the login of a registry to its mirror', async () => {
    const auths = { 'registry.acme.example': login()[host] };
    expect(await verify({ auths })).toMatchObject({ code: 3 });
    expect(sent).toEqual(new Set([undefined]));
  });

  it('says that a helper cannot be asked, and asks without', async () => {
    const { code, err } = await verify({ credHelpers: { [host]: 'missing' } });
    expect(code).toBe(3);
    expect(err).toContain('docker-credential-missing is not installed');
    expect(err).toContain('--no-docker-credentials');
    expect(sent).toEqual(new Set([undefined]));
  });
});
