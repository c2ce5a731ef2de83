import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const room = process.env.MUTANTS_ROOM;

/** Of Stryker, which runs in packages/engine; see scripts/mutants.mjs. */
export default {
  testRunner: 'in-process',
  plugins: [fileURLToPath(new URL('InProcessRunner.mjs', import.meta.url))],
  inProcess: {
    original: process.cwd(),
    tests: globSync(`src/${room}/**/*.test.ts`)
      // Those try thousands of inputs, run on threads of their own, or need
      // cases that lie outside the repository: a check has a test of its own.
      .filter(
        file => !/differential|pool\/|attacks|fuzz|signedCases/.test(file),
      )
      .sort(),
  },
  coverageAnalysis: 'perTest',
  mutate: [
    `src/${room}/**/*.ts`,
    '!src/**/*.test.ts',
    '!src/**/__testUtils__/**',
    '!src/**/index.ts',
    '!src/verify/pool/**',
    // What it finds is advice; nothing is decided there.
    '!src/judge/lint/**',
  ],
  // Other words in a message neither remove nor weaken a check.
  mutator: { excludedMutations: ['StringLiteral', 'ObjectLiteral'] },
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: process.env.MUTANTS_REPORT },
  timeoutMS: 10_000,
};
