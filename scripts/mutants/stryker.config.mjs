import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Of Stryker, which runs in packages/engine; see scripts/mutants.mjs. */
export default {
  testRunner: 'in-process',
  plugins: [fileURLToPath(new URL('InProcessRunner.mjs', import.meta.url))],
  inProcess: {
    original: process.cwd(),
    tests: globSync(['src/*.test.ts', 'src/{verify,judge}/**/*.test.ts'])
      // They compare with the library for minutes, run on threads of their own,
      // or verify a whole recorded world for each thing they ask.
      .filter(file => !/differential|Pool|worldCases|src\/mutations/.test(file))
      .sort(),
  },
  coverageAnalysis: 'perTest',
  mutate: [
    'src/{verify,judge}/**/*.ts',
    '!src/**/*.test.ts',
    '!src/**/__testUtils__/**',
    '!src/**/index.ts',
    '!src/verify/pool/**',
  ],
  // Other words in a message neither remove nor weaken a check.
  mutator: { excludedMutations: ['StringLiteral', 'ObjectLiteral'] },
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: process.env.MUTANTS_REPORT },
  timeoutMS: 10_000,
};
