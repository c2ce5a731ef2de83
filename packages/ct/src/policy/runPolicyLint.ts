import { Surroundings } from '../Surroundings';
import { lintPolicyFiles } from './lintPolicyFiles';
import { exitCodeOfLint, printPolicyLint } from './printPolicyLint';
import type { LintFlags } from './lintCommand';

/**
 * Runs `ct policy lint`.
 *
 * @returns the exit code
 * @throws UsageError
 */
export function runPolicyLint(
  paths: string[],
  { trustedRoot, failOnWarnings = false, output }: LintFlags,
  surroundings: Surroundings,
): number {
  const names = trustedRoot.length > 0 ? trustedRoot : undefined;
  const lint = lintPolicyFiles(paths, names, surroundings);
  const { coloured } = surroundings;
  surroundings.write(printPolicyLint(lint, { output, coloured }));
  return exitCodeOfLint(lint, failOnWarnings);
}
