import { ConfigReader } from '@backstage/config';
import { OutboundClient } from '@cloudythings/sigstore-engine';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessClients } from './AccessClients';
import { distinctRules } from './AccessRule';
import { readRegistryCredentials } from './registryCredentials';

const SECRET = 's3cret';
const HOST = 'registry.acme.example';
const own = [{ references: [`${HOST}/{{ repository }}`] }];

const read = (...credentials: object[]) =>
  readRegistryCredentials(
    new ConfigReader({ sigstore: { credentials } } as never),
  );
const withSecret = (secret: object) =>
  read({ name: 'acme', host: HOST, for: own, ...secret });

describe('readRegistryCredentials', () => {
  it.each([
    [{ username: 'robot', password: SECRET }],
    [{ token: SECRET }],
    [{ dockerConfig: '/etc/docker/config.json' }],
  ])('reads %j', secret => {
    expect(withSecret(secret)).toEqual([
      { name: 'acme', host: HOST, from: secret, grants: own },
    ]);
  });

  it('knows Docker Hub by its one name', () => {
    const grants = [{ references: ['docker.io/{{ repository }}'] }];
    const [{ host }] = read({
      ...{ name: 'hub', host: 'index.docker.io', token: SECRET, for: grants },
    });
    expect(host).toBe('docker.io');
  });

  it.each<[object, string]>([
    [{}, 'needs one of'],
    [{ token: SECRET, dockerConfig: '/x' }, 'needs one of'],
    [{ password: SECRET }, 'needs a username without a colon'],
    [{ username: 'a:b', password: SECRET }, 'needs a username without a colon'],
    [{ username: 'a' }, 'needs a username without a colon, and a password'],
    [{ token: `${SECRET}\r\nx: y` }, 'has characters that no header takes'],
    [{ dockerConfig: 'config.json' }, 'is not an absolute path'],
    [{ token: SECRET, name: 'a b' }, 'sigstore.credentials[0].name'],
    [{ token: SECRET, host: `https://${HOST}` }, 'is not a registry'],
    [{ token: SECRET, host: `${HOST}/acme` }, 'is not a registry'],
    [
      { token: SECRET, host: 'ghcr.io' },
      'sigstore.credentials[0].for[0].references[0]: "registry.acme.example/{{ repository }}" does not begin with ghcr.io/',
    ],
    [{ token: SECRET, host: '*.acme.example' }, 'is not a registry'],
    [{ token: SECRET, for: [] }, 'sigstore.credentials[0].for is empty'],
  ])('refuses %j without telling secrets', (secret, message) => {
    let error = new Error('nothing was refused');
    try {
      withSecret(secret);
    } catch (cause) {
      error = cause as Error;
    }
    expect(error.message).toContain(message);
    expect(error.message).not.toContain(SECRET);
  });

  it('refuses two of one name', () => {
    const one = { name: 'acme', host: HOST, token: SECRET, for: own };
    expect(() => distinctRules(read(one, one))).toThrow('"acme" twice');
  });
});

describe('AccessClients', () => {
  let time = 0;
  let folder: string;
  const anonymous = OutboundClient.create({ hosts: [] });
  const now = () => new Date(time);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'access-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  afterAll(() => anonymous.close());

  it('has a client for each access, and none for one that is not there', async () => {
    const others = [{ name: 'bucket', grants: [] }];
    const credentials = withSecret({ token: SECRET });
    const clients = new AccessClients(anonymous, credentials, now, others);
    expect(await clients.clientFor('')).toBe(anonymous);
    expect(await clients.clientFor('bucket')).toBe(anonymous);
    const own1 = await clients.clientFor('acme');
    expect(own1).not.toBe(anonymous);
    expect(await clients.clientFor('acme')).toBe(own1);
    await expect(clients.clientFor('gone')).rejects.toThrow(
      'The credentials "gone" are no longer configured',
    );
  });

  it('reads a Docker configuration again after a while', async () => {
    const dockerConfig = join(folder, 'config.json');
    const clients = new AccessClients(
      anonymous,
      withSecret({ dockerConfig }),
      now,
    );
    await writeFile(dockerConfig, '{}');
    await expect(clients.clientFor('acme')).rejects.toThrow(
      `has none for ${HOST}; log in there with docker login`,
    );
    const login = (password: string) =>
      writeFile(
        dockerConfig,
        JSON.stringify({ auths: { [HOST]: { username: 'robot', password } } }),
      );
    await login('one');
    const first = await clients.clientFor('acme');
    await login('two');
    expect(await clients.clientFor('acme')).toBe(first);
    time += 6 * 60_000;
    const second = await clients.clientFor('acme');
    expect(second).not.toBe(first);
    time += 6 * 60_000;
    expect(await clients.clientFor('acme')).toBe(second);
  });
});
