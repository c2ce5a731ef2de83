import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  PUBLIC_GOOD_MIRROR,
  TRUSTED_ROOT_TARGET,
  Thresholds,
} from '@cloudythings/sigstore-engine';
import { resolve } from 'node:path';

/** A TUF repository that publishes a trusted root. */
export type TufConfig = {
  /** An https URL without a slash at its end. */
  mirror: string;
  target: string;
  /** Absolute path of the first root.json; absent for the public instance. */
  root?: string;
};

/** A trusted root as configured, not yet read. */
export type TrustedRootConfig = {
  name: string;
  /** Absolute path of a trusted_root.json. */
  file?: string;
  /** Where it is followed; with neither it is the one that comes along. */
  tuf?: TufConfig;
  demo: boolean;
  thresholds?: Partial<Thresholds>;
};

/**
 * Name of the file that a trusted root is handed to tools as; none for the
 * public one, which they know.
 */
export function fileOf({ file, tuf }: TrustedRootConfig): string | undefined {
  return tuf && tuf.mirror !== PUBLIC_GOOD_MIRROR ? tuf.target : file;
}

const PUBLIC_GOOD_TUF: TufConfig = {
  mirror: PUBLIC_GOOD_MIRROR,
  target: TRUSTED_ROOT_TARGET,
};

/**
 * Reads which trusted roots count. Without any it is the one of the public
 * Sigstore instance, followed as that publishes it.
 *
 * @param root - what is configured under `sigstore`
 * @throws InputError that names the key and the remedy
 */
export function readTrustedRoots(
  root: Config | undefined,
  workingDirectory: string,
): TrustedRootConfig[] {
  const configs = root?.getOptionalConfigArray('trustedRoots') ?? [];
  if (configs.length === 0) {
    return [{ name: 'public-good', demo: false, tuf: PUBLIC_GOOD_TUF }];
  }
  const names = new Set<string>();
  return configs.map((item, index) => {
    const name = item.getString('name');
    const key = `sigstore.trustedRoots[${index}]`;
    if (names.has(name)) {
      throw new InputError(
        `${key}.name: "${name}" is used twice; give each trusted root its own name, since policies select them by it`,
      );
    }
    names.add(name);
    const thresholds = item.getOptionalConfig('thresholds');
    return {
      name,
      demo: item.getOptionalBoolean('demo') ?? false,
      ...readPlace(item, key, workingDirectory),
      ...(thresholds ? { thresholds: readThresholds(thresholds, key) } : {}),
    };
  });
}

function readPlace(
  item: Config,
  key: string,
  workingDirectory: string,
): Pick<TrustedRootConfig, 'file' | 'tuf'> {
  const given = ['file', 'builtIn', 'tuf'].filter(place => item.has(place));
  if (given.length !== 1) {
    const found =
      given.length > 1 ? `, not ${given.join(' and ')} together` : '';
    throw new InputError(
      `${key}: write either file (a trusted_root.json), tuf (a repository that publishes one) or builtIn: public-good${found}`,
    );
  }
  const file = item.getOptionalString('file');
  if (file !== undefined) return { file: resolve(workingDirectory, file) };
  const tuf = item.getOptionalConfig('tuf');
  if (tuf) return { tuf: readTuf(tuf, `${key}.tuf`, workingDirectory) };
  const builtIn = item.getString('builtIn');
  if (builtIn !== 'public-good') {
    throw new InputError(
      `${key}.builtIn: "${builtIn}" does not exist; the only one is public-good`,
    );
  }
  return {};
}

function readTuf(
  config: Config,
  key: string,
  workingDirectory: string,
): TufConfig {
  const known = ['mirror', 'root', 'target'];
  const unknown = config.keys().find(name => !known.includes(name));
  if (unknown !== undefined) {
    throw new InputError(
      `${key}.${unknown} is not read; use ${known.join(', ')}`,
    );
  }
  const mirror = readMirror(config, `${key}.mirror`);
  const target = config.getOptionalString('target') ?? TRUSTED_ROOT_TARGET;
  if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(target)) {
    throw new InputError(
      `${key}.target: "${target}" is not the name of a target; write it as the repository lists it, such as ${TRUSTED_ROOT_TARGET}`,
    );
  }
  const root = config.getOptionalString('root');
  if (root === undefined && mirror !== PUBLIC_GOOD_MIRROR) {
    throw new InputError(
      `${key}.root is missing; name the file of a root.json of ${mirror} that you know to be genuine, since everything else is trusted because of it`,
    );
  }
  return {
    mirror,
    target,
    ...(root === undefined ? {} : { root: resolve(workingDirectory, root) }),
  };
}

function readMirror(config: Config, key: string): string {
  const text = config.getOptionalString('mirror') ?? PUBLIC_GOOD_MIRROR;
  const url = URL.parse(text);
  const plain =
    url && !url.username && !url.password && !url.search && !url.hash;
  if (!plain || url.protocol !== 'https:') {
    throw new InputError(
      `${key}: "${text}" is not a plain https URL; write it as ${PUBLIC_GOOD_MIRROR}. A mirror reached in another way is named as endpoint of its host in sigstore.hosts`,
    );
  }
  return url.href.replace(/\/+$/, '');
}

function readThresholds(config: Config, key: string): Partial<Thresholds> {
  const known = ['transparencyLog', 'certificateTransparency', 'timestamps'];
  const thresholds: Record<string, number> = {};
  for (const name of config.keys()) {
    if (!known.includes(name)) {
      throw new InputError(
        `${key}.thresholds.${name} is not a threshold; use ${known.join(', ')}`,
      );
    }
    const value = config.getNumber(name);
    if (!Number.isInteger(value) || value < 0) {
      throw new InputError(
        `${key}.thresholds.${name}: ${value} is not a whole number from 0`,
      );
    }
    thresholds[name] = value;
  }
  return thresholds;
}
