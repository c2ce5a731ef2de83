import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** An Argo CD that is asked for its applications. */
export type ArgoCdInstance = {
  name: string;
  /** Without a slash at its end. */
  url: string;
  token?: string;
};

const KEY = 'sigstore.discover.argocd.instances';

/**
 * Reads which Argo CDs are asked what runs.
 *
 * @param config - the root configuration
 * @throws InputError that names the key and the remedy
 */
export function readArgoCdConfig(config: Config): ArgoCdInstance[] {
  const instances = (config.getOptionalConfigArray(KEY) ?? []).map(
    readInstance,
  );
  const names = new Set<string>();
  for (const { name } of instances) {
    if (names.has(name)) {
      throw new InputError(
        `${KEY}: there are two instances "${name}"; give each a name of its own`,
      );
    }
    names.add(name);
  }
  return instances;
}

function readInstance(config: Config, index: number): ArgoCdInstance {
  const url = config.getString('url');
  if (!/^https?:\/\/[^/@?#\s]+(?:\/[^@?#\s]*)?$/.test(url)) {
    throw new InputError(
      `${KEY}[${index}].url: it is not an http or https URL without credentials, query and fragment; write it as https://argocd.example.com`,
    );
  }
  const token = config.getOptionalString('token');
  return {
    name: config.getString('name'),
    url: url.replace(/\/+$/, ''),
    ...(token ? { token } : {}),
  };
}
