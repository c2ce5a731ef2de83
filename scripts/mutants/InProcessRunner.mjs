import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import {
  PluginKind,
  commonTokens,
  declareClassPlugin,
  tokens,
} from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  MutantRunStatus,
  TestStatus,
} from '@stryker-mutator/api/test-runner';
import { bundleTests } from './bundleTests.mjs';
import { TestGlobals } from './testGlobals.mjs';

const { NAMESPACE } = INSTRUMENTER_CONSTANTS;

/**
 * Runs the tests of the engine in one process, a mutant after the other. Jest
 * would load everything again for each of several thousand mutants, which
 * takes a hundred times as long as the tests themselves.
 */
class InProcessRunner {
  static inject = tokens(commonTokens.options);
  #files;
  #folder;
  #bundle;
  #tests = [];
  /** Whether a mutant was on while the tests were loaded. */
  #isMutated = false;
  #durations = new Map();

  constructor(options) {
    this.#files = options.inProcess;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    globalThis[NAMESPACE] ??= {};
    this.#folder = mkdtempSync(path.join(process.cwd(), 'bundle-'));
    this.#bundle = path.join(this.#folder, 'tests.cjs');
    await bundleTests({ ...this.#files, into: this.#bundle });
    // Random inputs beyond these rarely find what these did not.
    createRequire(this.#bundle)('fast-check').configureGlobal({ numRuns: 40 });
  }

  async dispose() {
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
  }

  async dryRun() {
    this.#load(undefined);
    const tests = [];
    for (const test of this.#tests) {
      this.#stryker().currentTestId = test.id;
      const started = performance.now();
      // Each with its own preparations, so that what they run counts for it.
      const begun = new Set();
      const failure = await this.#run(test, begun);
      await this.#end(begun);
      const timeSpentMs = performance.now() - started;
      this.#durations.set(test.id, timeSpentMs);
      tests.push({
        ...{ id: test.id, name: test.id, timeSpentMs },
        ...(failure === undefined
          ? { status: TestStatus.Success }
          : { status: TestStatus.Failed, failureMessage: failure }),
      });
    }
    return {
      status: DryRunStatus.Complete,
      tests,
      mutantCoverage: this.#stryker().mutantCoverage,
    };
  }

  async mutantRun(options) {
    const { activeMutant, testFilter, reloadEnvironment, hitLimit } = options;
    const started = performance.now();
    try {
      this.#load(
        options.mutantActivation === 'static' ? activeMutant.id : undefined,
        reloadEnvironment,
      );
    } catch (error) {
      this.#tests = [];
      return killed(['(loading)'], error, 0, started);
    }
    const wanted = testFilter && new Set(testFilter);
    const trial = () => this.#try(activeMutant, wanted, hitLimit, started);
    let result = await trial();
    const isLoadedWithout = options.mutantActivation !== 'static';
    if (
      result.failed &&
      isLoadedWithout &&
      (await this.#fails(result.failed))
    ) {
      // An earlier mutant, or this one, left something behind in a cache.
      this.#load(undefined, true);
      result = await trial();
      this.#isMutated = true;
    }
    return result.outcome;
  }

  /** Runs the tests with a mutant, the quickest first, until one fails. */
  async #try(activeMutant, wanted, hitLimit, started) {
    const stryker = this.#stryker();
    stryker.hitLimit = hitLimit;
    stryker.hitCount = hitLimit === undefined ? undefined : 0;
    const chosen = this.#tests
      .filter(({ id }) => !wanted || wanted.has(id))
      .sort((a, b) => this.#duration(a) - this.#duration(b));
    const begun = new Set();
    stryker.activeMutant = activeMutant.id;
    try {
      for (const [index, test] of chosen.entries()) {
        const failure = await this.#run(test, begun);
        if (failure !== undefined) {
          const outcome = killed([test.id], failure, index + 1, started);
          return { outcome, failed: test };
        }
      }
    } finally {
      stryker.activeMutant = undefined;
      await this.#end(begun);
    }
    return {
      outcome: {
        status: MutantRunStatus.Survived,
        nrOfTests: chosen.length,
        duration: performance.now() - started,
      },
    };
  }

  /** Whether a test fails without any mutant. */
  async #fails(test) {
    const begun = new Set();
    const stryker = this.#stryker();
    stryker.hitLimit = undefined;
    stryker.hitCount = undefined;
    const failure = await this.#run(test, begun);
    await this.#end(begun);
    return failure !== undefined;
  }

  #stryker() {
    return globalThis[NAMESPACE];
  }

  #duration({ id }) {
    return this.#durations.get(id) ?? 0;
  }

  /** Declares the tests, anew where code that runs on loading is mutated. */
  #load(activeMutant, again = false) {
    const isLoaded = this.#tests.length > 0 && !this.#isMutated;
    if (isLoaded && !again && activeMutant === undefined) return;
    const require = createRequire(this.#bundle);
    delete require.cache[this.#bundle];
    const globals = new TestGlobals();
    Object.assign(globalThis, globals.names, {
      testFile: (name, load) => globals.file(name, load),
    });
    this.#isMutated = activeMutant !== undefined;
    this.#stryker().activeMutant = activeMutant;
    try {
      require(this.#bundle);
    } finally {
      this.#stryker().activeMutant = undefined;
    }
    this.#tests = globals.tests();
  }

  /**
   * Runs one test with what its groups do before and after each.
   *
   * @param begun - groups whose `beforeAll` was run
   * @returns what went wrong, or undefined
   */
  async #run({ groups, run }, begun) {
    try {
      for (const group of groups) {
        if (begun.has(group)) continue;
        begun.add(group);
        for (const hook of group.beforeAll) await hook();
      }
      for (const group of groups) {
        for (const hook of group.beforeEach) await hook();
      }
      await run();
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      for (const group of [...groups].reverse()) {
        for (const hook of group.afterEach) await hook();
      }
    }
  }

  async #end(groups) {
    for (const group of [...groups].reverse()) {
      for (const hook of group.afterAll) await hook();
    }
  }
}

function killed(killedBy, failure, nrOfTests, started) {
  return {
    status: MutantRunStatus.Killed,
    killedBy,
    failureMessage: String(failure?.message ?? failure),
    nrOfTests,
    duration: performance.now() - started,
  };
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner),
];

/** Options of this runner, under `inProcess` in the configuration. */
export const strykerValidationSchema = {
  properties: {
    inProcess: {
      type: 'object',
      required: ['original', 'tests'],
      properties: {
        original: { type: 'string' },
        tests: { type: 'array', items: { type: 'string' } },
      },
    },
  },
};
