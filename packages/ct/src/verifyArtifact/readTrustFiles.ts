import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PolicyFile } from '@cloudythings/sigstore-engine';
import { UsageError } from '../UsageError';
import { TrustGuard } from '../workspace/TrustGuard';

/** What reading the files that decide a verdict needs. */
export type TrustFileAccess = { guard: TrustGuard; workingDirectory: string };

/** Larger than any policy, root or key; a mistaken path is not read to its end. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads a file that a flag names, if it may decide at all.
 *
 * @throws UsageError
 */
export function readTrustFile(
  flag: string,
  path: string,
  { guard, workingDirectory }: TrustFileAccess,
): string {
  const file = resolve(workingDirectory, path);
  guard.allow(flag, file);
  try {
    if (statSync(file).size > MAX_BYTES) throw new Error('it is too large');
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `${flag} ${path} cannot be read (${wordsOf(
        error,
      )}). Check the path and who may read it.`,
    );
  }
}

/**
 * Reads policy files, and those of folders: every `.yaml` and `.yml` in them
 * that is not hidden, as the backend does.
 *
 * @throws UsageError
 */
export function readPolicyFiles(
  paths: string[],
  access: TrustFileAccess,
): PolicyFile[] {
  return paths.flatMap(path => {
    const whole = resolve(access.workingDirectory, path);
    access.guard.allow('--policy', whole);
    if (!isFolder(whole)) {
      return [{ path, text: readTrustFile('--policy', path, access) }];
    }
    const names = readdirSync(whole).filter(name =>
      /^[^.].*\.ya?ml$/.test(name),
    );
    if (names.length === 0) {
      throw new UsageError(
        `--policy ${path} is a folder without a .yaml file, so it expects nothing of anybody. Name the folder with the policies.`,
      );
    }
    return names.sort().map(name => {
      const file = join(path, name);
      return { path: file, text: readTrustFile('--policy', file, access) };
    });
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function wordsOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is none' : code ?? message;
}
