import { InputError } from '@backstage/errors';
import { PolicyFile } from '@cloudythings/sigstore-engine';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Reads the YAML files of the configured files and folders. A folder without
 * any is refused: what is not mounted looks the same, and would withdraw every
 * policy at once.
 *
 * @throws InputError that names the file and the remedy
 */
export async function readPolicyFiles(paths: string[]): Promise<PolicyFile[]> {
  return (await Promise.all(paths.map(readPolicies))).flat();
}

async function readPolicies(path: string): Promise<PolicyFile[]> {
  const unreadable = (error: unknown) => {
    throw new InputError(
      `sigstore.policies.files: ${path} cannot be read; check that it exists and that the backend may read it`,
      error as Error,
    );
  };
  const isFolder = (await stat(path).catch(unreadable)).isDirectory();
  const names = isFolder
    ? (await readdir(path).catch(unreadable))
        .filter(name => /^[^.].*\.ya?ml$/.test(name))
        .sort()
    : [];
  if (isFolder && names.length === 0) {
    throw new InputError(
      `sigstore.policies.files: ${path} is a folder without a .yaml file; check that the policies are there, or remove the folder from the configuration if none should apply`,
    );
  }
  const paths = isFolder ? names.map(name => join(path, name)) : [path];
  return Promise.all(
    paths.map(async file => ({
      path: file,
      text: await readFile(file, 'utf8').catch(unreadable),
    })),
  );
}
