import type { runPolicyLint } from './policy/runPolicyLint';
import type { runVerifyArtifact } from './verifyArtifact/run';

/**
 * What does the work of each command, loaded when it is called: everything
 * underneath takes longer to load than `--help` should take to answer.
 */
export type Commands = {
  verifyArtifact: () => Promise<typeof runVerifyArtifact>;
  policyLint: () => Promise<typeof runPolicyLint>;
};

/** The commands as the program has them. */
export const COMMANDS: Commands = {
  verifyArtifact: async () =>
    (await loadLate(() => import('./verifyArtifact/run'))).runVerifyArtifact,
  policyLint: async () =>
    (await loadLate(() => import('./policy/runPolicyLint'))).runPolicyLint,
};

/**
 * Modules in CommonJS come wrapped where Node cannot see beforehand what they
 * export, and that depends on how they were built.
 */
async function loadLate<T extends object>(load: () => Promise<T>): Promise<T> {
  const loaded = await load();
  return (loaded as { default?: T }).default ?? loaded;
}
