import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerCredentials } from './dockerCredentials';

const HOST = 'registry.acme.example';
const SECRET = 's3cret';
const auth = Buffer.from(`robot:${SECRET}`).toString('base64');
const robot = { username: 'robot', password: SECRET };

describe('dockerCredentials', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'docker-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** A real program, which gets the host on its standard input. */
  async function helper(name: string, script: string) {
    const path = join(folder, `docker-credential-${name}`);
    await writeFile(path, `#!/bin/sh\nread host || true\n${script}\n`);
    await chmod(path, 0o755);
  }

  async function read(config: unknown, host = HOST, signal?: AbortSignal) {
    const file = join(folder, 'config.json');
    const text = typeof config === 'string' ? config : JSON.stringify(config);
    await writeFile(file, text);
    const env = { PATH: `${folder}:/usr/bin:/bin`, WORLD: 'kept' };
    return dockerCredentials(file, host, { env, signal });
  }

  it.each<[string, object, string | undefined, unknown]>([
    ['auth', { [HOST]: { auth } }, HOST, robot],
    ['a URL', { [`https://${HOST}`]: { auth } }, HOST, robot],
    ['name and password', { [HOST]: robot }, HOST, robot],
    ['a token', { [HOST]: { registrytoken: 't' } }, HOST, { token: 't' }],
    [
      'an identity token',
      { [HOST]: { auth, identitytoken: 't' } },
      HOST,
      { identityToken: 't' },
    ],
    [
      'Docker Hub',
      { 'https://index.docker.io/v1/': { auth } },
      'docker.io',
      robot,
    ],
    ['another host', { [`x.${HOST}`]: { auth } }, HOST, undefined],
    [
      'a host that begins alike',
      { [`${HOST}.evil`]: { auth } },
      HOST,
      undefined,
    ],
    ['another port', { [`${HOST}:5000`]: { auth } }, HOST, undefined],
    ['an empty entry', { [HOST]: {} }, HOST, undefined],
    ['no name', { [HOST]: { auth: 'Og==' } }, HOST, undefined],
  ])('reads %s from the file', async (_, auths, host, expected) => {
    expect(await read({ auths }, host)).toEqual(expected);
  });

  it('asks the helper of the host before the store, and the store before the file', async () => {
    const answer = (name: string) =>
      `echo "{\\"Username\\":\\"${name} $host $WORLD\\",\\"Secret\\":\\"x\\"}"`;
    await helper('own', answer('own'));
    await helper('all', answer('all'));
    const config = {
      auths: { [HOST]: { auth } },
      credHelpers: { [HOST]: 'own' },
      credsStore: 'all',
    };
    expect(await read(config)).toMatchObject({
      username: `own ${HOST} kept`,
    });
    expect(await read({ ...config, credHelpers: {} })).toMatchObject({
      username: `all ${HOST} kept`,
    });
    await helper(
      'all',
      'echo credentials not found in native keychain; exit 1',
    );
    expect(await read({ ...config, credHelpers: {} })).toEqual(robot);
  });

  it('takes an identity token from a helper', async () => {
    await helper('x', `echo '{"Username":"<token>","Secret":"${SECRET}"}'`);
    expect(await read({ credsStore: 'x' })).toEqual({ identityToken: SECRET });
  });

  it.each<[string, unknown, string | undefined, string]>([
    ['no JSON', `{"auths": ${SECRET}}`, undefined, 'is not a Docker'],
    ['another form', { auths: SECRET }, undefined, 'is not a Docker'],
    ['a helper that is a path', { credsStore: '../x' }, undefined, 'a name'],
    ['a helper with a command', { credsStore: 'x;ls' }, undefined, 'a name'],
    ['no such helper', { credsStore: 'none' }, undefined, 'is not installed'],
    [
      'a helper that fails',
      { credsStore: 'x' },
      `echo ${SECRET}; echo ${SECRET} >&2; exit 3`,
      'docker-credential-x failed (3)',
    ],
    [
      'a helper that says nothing of use',
      { credsStore: 'x' },
      `echo ${SECRET}`,
      'something else than credentials',
    ],
    [
      'a helper that writes without end',
      { credsStore: 'x' },
      `while :; do echo ${SECRET}; done`,
      'docker-credential-x',
    ],
  ])('refuses %s without telling secrets', async (_, config, script, words) => {
    if (script) await helper('x', script);
    const error = await read(config).catch(cause => cause);
    expect(error).toMatchObject({
      name: 'CredentialsError',
      message: expect.stringContaining(words),
    });
    expect(error.message).not.toContain(SECRET);
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(SECRET);
  });

  it('does not wait for a helper once it is stopped', async () => {
    await helper('x', 'exec sleep 600');
    const stop = new AbortController();
    const reading = read({ credsStore: 'x' }, HOST, stop.signal);
    setImmediate(() => stop.abort());
    await expect(reading).rejects.toThrow('docker-credential-x');
  });

  it('says when the file is not there', async () => {
    await expect(
      dockerCredentials(join(folder, 'missing.json'), HOST),
    ).rejects.toThrow('cannot be opened (ENOENT)');
  });
});
