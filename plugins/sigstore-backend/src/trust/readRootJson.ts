import { InputError } from '@backstage/errors';
import { publicGoodTrustedRoot } from '@cloudythings/sigstore-engine';
import { readFile } from 'node:fs/promises';
import { TrustedRootConfig, TufConfig } from './trustedRootConfig';
import { followedRoot } from './tufSources';

/** What was fetched of a TUF repository; see `readTrustedRootContent`. */
export type TrustedRootStore = (
  id: string,
) => Promise<{ content?: string; error?: string }>;

/**
 * Reads a trusted root from where it is configured to be.
 *
 * @returns its JSON, and in words where it comes from
 * @throws InputError that names the key or file and the remedy
 */
export async function readRootJson(
  root: TrustedRootConfig,
  stored: TrustedRootStore,
): Promise<{ json: unknown; from: string }> {
  const { name, file, tuf } = root;
  if (file) return { json: await readJson(name, file), from: `file ${file}` };
  if (tuf) return readFollowed(name, tuf, stored);
  return { json: publicGoodTrustedRoot(), from: 'built-in public-good' };
}

async function readFollowed(
  name: string,
  tuf: TufConfig,
  stored: TrustedRootStore,
): Promise<{ json: unknown; from: string }> {
  const { key, seed } = await followedRoot(name, tuf);
  const { content, error } = await stored(key.id);
  const text = content ?? seed;
  if (text === undefined) {
    throw new InputError(
      `sigstore.trustedRoots: "${name}" could not be fetched yet. ${
        error ?? `${tuf.mirror} was not asked`
      }. Make ${
        tuf.mirror
      } reachable for the backend, or give its trusted_root.json as file instead of tuf`,
    );
  }
  const from = content === undefined ? 'seed of ' : '';
  return { json: JSON.parse(text), from: `${from}TUF ${tuf.mirror}` };
}

async function readJson(name: string, file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(error => {
    throw new InputError(
      `sigstore.trustedRoots: the file of "${name}" cannot be read; check that ${file} exists and that the backend may read it`,
      error,
    );
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `sigstore.trustedRoots: ${file} of "${name}" is not JSON; it should be a trusted_root.json as TUF or "cosign trusted-root create" gives it`,
      error,
    );
  }
}
