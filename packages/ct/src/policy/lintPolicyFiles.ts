import {
  PolicyFile,
  PolicyMistake,
  PolicyWarning,
  TrustPolicyError,
  loadTrustPolicies,
} from '@cloudythings/sigstore-engine';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../UsageError';

/** What is to say of policy files. */
export type PolicyLint = {
  /** Those that were read. */
  files: string[];
  /** Names of trusted roots that were compared; absent where none were. */
  trustedRoots?: string[];
  /** Absent where there are mistakes: then no document of the set is used. */
  loaded?: { policies: string[]; distrusts: string[]; digest: string };
  mistakes: PolicyMistake[];
  warnings: PolicyWarning[];
};

/**
 * Reads policy files, and those of folders (every `.yaml` and `.yml` that is
 * not hidden, as the backend does), and says what is wrong with them.
 *
 * @param trustedRoots - names that policies may use; any one where left out
 * @throws UsageError where a file cannot be read
 */
export function lintPolicyFiles(
  paths: string[],
  trustedRoots: string[] | undefined,
  surroundings: { workingDirectory: string; now: () => Date },
): PolicyLint {
  const files = paths.flatMap(path => read(path, surroundings));
  const lint = {
    files: files.map(({ path }) => path),
    ...(trustedRoots ? { trustedRoots } : {}),
  };
  try {
    const { policies, distrusts, digest, warnings } = loadTrustPolicies(files, {
      trustedRoots: trustedRoots ?? 'any',
      now: surroundings.now(),
    });
    const names = (documents: { metadata: { name: string } }[]) =>
      documents.map(({ metadata }) => metadata.name);
    return {
      ...lint,
      loaded: {
        policies: names(policies),
        distrusts: names(distrusts),
        digest,
      },
      mistakes: [],
      warnings,
    };
  } catch (error) {
    if (!(error instanceof TrustPolicyError)) throw error;
    return { ...lint, mistakes: error.mistakes, warnings: [] };
  }
}

function read(
  path: string,
  { workingDirectory }: { workingDirectory: string },
): PolicyFile[] {
  const whole = resolve(workingDirectory, path);
  try {
    if (!statSync(whole).isDirectory()) {
      return [{ path, text: readFileSync(whole, 'utf8') }];
    }
    const names = readdirSync(whole)
      .filter(name => /^[^.].*\.ya?ml$/.test(name))
      .sort();
    if (names.length === 0) throw new Error('no .yaml file is in this folder');
    return names.map(name => ({
      path: join(path, name),
      text: readFileSync(join(whole, name), 'utf8'),
    }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const words = code === 'ENOENT' ? 'there is none' : code ?? message;
    throw new UsageError(
      `${path} cannot be read (${words}). Name files with policies, or folders of such files.`,
    );
  }
}
