import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { Credentials } from '@cloudythings/sigstore-engine';
import { isAbsolute } from 'node:path';
import { AccessRule } from './AccessRule';
import { readGrants } from './readGrants';

/** What one registry is asked with, and for whom. */
export type RegistryCredentials = AccessRule & {
  /** As references name it. */
  host: string;
  /** The credentials, or the Docker configuration file that has them. */
  from: Credentials | { dockerConfig: string };
};

// Also a column of the database.
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * Reads `sigstore.credentials`: what registries are asked with, and for which
 * references of which entities.
 *
 * @throws InputError that names the key and the remedy, and never a secret
 */
export function readRegistryCredentials(config: Config): RegistryCredentials[] {
  const root = config.getOptionalConfig('sigstore');
  const items = root?.getOptionalConfigArray('credentials') ?? [];
  return items.map((item, index) =>
    readOne(item, `sigstore.credentials[${index}]`),
  );
}

function readOne(config: Config, key: string): RegistryCredentials {
  const name = config.getString('name');
  if (!NAME.test(name)) {
    throw new InputError(
      `${key}.name: "${name}" cannot be used; write letters, digits, ., _ and -, 63 at most`,
    );
  }
  const written = config.getString('host');
  const parsed = parseReference(`${written}/name`);
  if (written.includes('/') || !parsed.ok || parsed.parsed.type !== 'oci') {
    throw new InputError(
      `${key}.host: "${written}" is not a registry; write it as references name it, such as registry.example.com:5000`,
    );
  }
  const { host } = parsed.parsed;
  return {
    name,
    host,
    from: readSecret(config, key),
    grants: readGrants(config, key, `${host}/`),
  };
}

function readSecret(config: Config, key: string): RegistryCredentials['from'] {
  const username = config.getOptionalString('username');
  const password = config.getOptionalString('password');
  const token = config.getOptionalString('token');
  const dockerConfig = config.getOptionalString('dockerConfig');
  const given = [username ?? password, token, dockerConfig].filter(
    one => one !== undefined,
  );
  if (given.length !== 1) {
    throw new InputError(
      `${key} needs one of: username and password, token, or dockerConfig`,
    );
  }
  if (token !== undefined)
    return { token: assertHeader(token, `${key}.token`) };
  if (dockerConfig !== undefined) {
    if (isAbsolute(dockerConfig)) return { dockerConfig };
    throw new InputError(
      `${key}.dockerConfig: "${dockerConfig}" is not an absolute path; write it from the root on`,
    );
  }
  if (!username || !password || username.includes(':')) {
    throw new InputError(
      `${key} needs a username without a colon, and a password`,
    );
  }
  return { username, password };
}

/** Without repeating it: it is a secret. */
function assertHeader(token: string, key: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new InputError(
    `${key} has characters that no header takes; write the token alone, without spaces or line breaks`,
  );
}
