import { InputError } from '@backstage/errors';
import {
  PUBLIC_GOOD_MIRROR,
  TRUSTED_ROOT_TARGET,
  TufSource,
  publicGoodTrustedRoot,
  publicGoodTufRoot,
} from '@cloudythings/sigstore-engine';
import { readFile } from 'node:fs/promises';
import { hash } from '../store/identifiers';
import { TrustedRootKey } from '../store/trustedRoots';
import { TrustedRootConfig, TufConfig } from './trustedRootConfig';

/** A TUF repository of the configuration, ready to be followed. */
export type FollowedRoot = {
  key: TrustedRootKey;
  source: TufSource;
  /** The target that comes along, for as long as none was fetched. */
  seed?: string;
};

/**
 * Makes of a configured repository what is needed to follow it. What is known
 * of it is kept under its mirror, its target and the root it is first trusted
 * by: with another first root, everything begins anew.
 *
 * @throws InputError that names the file and the remedy
 */
export async function followedRoot(
  name: string,
  tuf: TufConfig,
): Promise<FollowedRoot> {
  const { mirror, target } = tuf;
  const root = tuf.root ? await readRoot(name, tuf.root) : publicGoodTufRoot();
  // The root that comes along changes with its library, by the same chain.
  const first = tuf.root ? root : 'built-in';
  const seeded =
    !tuf.root &&
    mirror === PUBLIC_GOOD_MIRROR &&
    target === TRUSTED_ROOT_TARGET;
  return {
    key: { id: hash([mirror, target, first]), mirror, target },
    source: { mirror, target, root },
    ...(seeded ? { seed: JSON.stringify(publicGoodTrustedRoot()) } : {}),
  };
}

/** The roots that follow a repository, each with what is needed for it. */
export async function followedRoots(
  configs: TrustedRootConfig[],
): Promise<{ config: TrustedRootConfig; followed: FollowedRoot }[]> {
  const all = await Promise.all(
    configs.map(async config =>
      config.tuf
        ? { config, followed: await followedRoot(config.name, config.tuf) }
        : [],
    ),
  );
  return all.flat();
}

async function readRoot(name: string, file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(error => {
    throw new InputError(
      `sigstore.trustedRoots: the tuf.root of "${name}" cannot be read; check that ${file} exists and that the backend may read it`,
      error,
    );
  });
  if (typeOf(text) !== 'root') {
    throw new InputError(
      `sigstore.trustedRoots: ${file} of "${name}" is no root metadata; name the root.json of the TUF repository, not its trusted_root.json`,
    );
  }
  return text;
}

function typeOf(text: string): unknown {
  try {
    return JSON.parse(text)?.signed?._type;
  } catch {
    return undefined;
  }
}
