import { open } from 'node:fs/promises';
import { z } from 'zod/v4';
import { Credentials } from '../HostRule';
import { CredentialsError } from './CredentialsError';
import { askHelper } from './credentialHelper';

const MAX_FILE_BYTES = 1024 * 1024;
const DOCKER_HUB = 'docker.io';
/** Under which Docker itself keeps what Docker Hub is asked with. */
const DOCKER_HUB_KEYS = [
  'https://index.docker.io/v1/',
  'index.docker.io',
  'docker.io',
  'registry-1.docker.io',
];

const configSchema = z.object({
  auths: z
    .record(
      z.string(),
      z.object({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
        identitytoken: z.string().optional(),
        registrytoken: z.string().optional(),
      }),
    )
    .optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
});

type DockerConfig = z.infer<typeof configSchema>;

/**
 * What reading a Docker configuration needs of its surroundings.
 *
 * @public
 */
export type DockerSurroundings = {
  /** Environment of credential helpers; they are found on its `PATH`. */
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
};

/**
 * Reads what a registry is asked with from a Docker configuration file, as
 * `docker login` writes it: the credential helper of that host, else the
 * credentials store, else what the file holds itself.
 *
 * @param file - path of a `config.json`
 * @param host - as references name it
 * @returns nothing when there is nothing for this host
 * @throws CredentialsError when the file or the helper cannot be used; it never
 * holds what they hold
 * @public
 */
export async function dockerCredentials(
  file: string,
  host: string,
  surroundings: DockerSurroundings = {},
): Promise<Credentials | undefined> {
  const config = await readConfig(file);
  const keys = host === DOCKER_HUB ? DOCKER_HUB_KEYS : [host];
  for (const key of keys) {
    const helper = config.credHelpers?.[key] ?? config.credsStore;
    const found =
      (helper && (await askHelper(helper, key, surroundings))) ||
      fromFile(config, key);
    if (found) return found;
  }
  return undefined;
}

async function readConfig(file: string): Promise<DockerConfig> {
  const handle = await open(file).catch(({ code }) => {
    throw new CredentialsError(
      `${file} cannot be opened (${code}); name a Docker configuration file that the process may read`,
    );
  });
  try {
    const { size } = await handle.stat();
    if (size > MAX_FILE_BYTES)
      throw new CredentialsError(`${file} is too long`);
    return configSchema.parse(JSON.parse(await handle.readFile('utf8')));
  } catch (error) {
    if (error instanceof CredentialsError) throw error;
    // The words of the parser quote the file.
    throw new CredentialsError(
      `${file} is not a Docker configuration file (JSON with auths, credHelpers or credsStore)`,
    );
  } finally {
    await handle.close();
  }
}

function fromFile(
  { auths = {} }: DockerConfig,
  key: string,
): Credentials | undefined {
  // Other tools write the host as a URL.
  const entry = [key, `https://${key}`, `https://${key}/`]
    .map(name => auths[name])
    .find(Boolean);
  if (!entry) return undefined;
  if (entry.registrytoken) return { token: entry.registrytoken };
  if (entry.identitytoken) return { identityToken: entry.identitytoken };
  const { username, password } = entry.auth ? decode(entry.auth) : entry;
  return username !== undefined && password !== undefined
    ? { username, password }
    : undefined;
}

/** Undefined parts where it is no name and password. */
function decode(auth: string): { username?: string; password?: string } {
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return {};
  // Docker pads what it writes.
  const password = text.slice(colon + 1).replace(/\0+$/, '');
  return { username: text.slice(0, colon), password };
}
