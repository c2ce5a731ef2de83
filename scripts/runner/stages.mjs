import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { logFile, root, shown, tools } from './paths.mjs';
import { run } from './processes.mjs';
import { step } from './progress.mjs';
import { yarn } from './yarn.mjs';

/** The static checks, by the name of their script in package.json. */
export const checks = [
  'lint',
  'prettier:check',
  'tsc:full',
  'fix:check',
  'config:check',
  'api-reports:check',
];

/** Runs each static check; counts one test a check. */
export async function runChecks(node) {
  const { command, args, options } = yarn(node);
  const result = { passed: 0, failed: 0, skipped: 0 };
  for (const check of checks) {
    try {
      const log = check.replace(':', '-');
      await step(check, () => run(log, command, [...args, check], options));
      result.passed++;
    } catch (error) {
      console.error(error.message);
      result.failed++;
    }
  }
  return result;
}

/**
 * Runs a program that writes its results as JSON into a file, with its output
 * in a log. Returns the parsed results, whatever its exit code; throws when
 * there are none.
 */
async function runForJson(name, command, args, options) {
  const results = path.join(tools, 'logs', `${name}.json`);
  rmSync(results, { force: true });
  let problem;
  try {
    await step(name, () =>
      run(name, command, args(results), {
        ...options,
        env: { ...options.env, PLAYWRIGHT_JSON_OUTPUT_NAME: results },
      }),
    );
  } catch (error) {
    problem = error;
  }
  if (!existsSync(results)) throw problem ?? new Error('wrote no results');
  return { json: JSON.parse(readFileSync(results, 'utf8')), problem };
}

/** A run that failed without a failed test failed elsewhere: count that too. */
const orProblem = (result, problem) =>
  problem && result.failed === 0 ? { ...result, failed: 1 } : result;

/** Unit tests of all packages, with Jest. */
export async function runUnitTests(node, databases) {
  const { command, args, options } = yarn(node);
  const { json, problem } = await runForJson(
    'unit-tests',
    command,
    results => [
      ...[...args, 'test:unit', '--maxWorkers=2', '--silent'],
      ...['--json', `--outputFile=${results}`],
    ],
    {
      ...options,
      env: {
        ...options.env,
        ...databases,
        CI: '1',
        BACKSTAGE_TEST_DISABLE_DOCKER: '1',
      },
    },
  );
  const broken = json.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some(r => r.status === 'failed'),
  );
  if (problem) console.error(`See ${shown(logFile('unit-tests'))}`);
  return orProblem(
    {
      passed: json.numPassedTests,
      failed: json.numFailedTests + broken.length,
      skipped: json.numPendingTests + json.numTodoTests,
    },
    problem,
  );
}

/** Tests for Node's own test runner: the runner, the world, its recorder. */
export async function runNodeTests(node) {
  const { command, args, options } = yarn(node);
  let output;
  let problem;
  try {
    output = await step('node-tests', () =>
      run('node-tests', command, [...args, 'test:scripts'], options),
    );
  } catch (error) {
    problem = error;
    output = readFileSync(logFile('node-tests'), 'utf8');
    console.error(error.message);
  }
  const count = name =>
    Number(output.match(new RegExp(`^# ${name} (\\d+)$`, 'm'))?.[1] ?? 0);
  return orProblem(
    {
      passed: count('pass'),
      failed: count('fail') + count('cancelled'),
      skipped: count('skipped') + count('todo'),
    },
    problem,
  );
}

/** Browser tests against a running demo. */
export async function runBrowserTests(node, { url, chromium }) {
  const { command, args, options } = yarn(node);
  const { json, problem } = await runForJson(
    'browser-tests',
    command,
    () => [...args, 'test:browser', '--reporter=json'],
    {
      ...options,
      env: { ...options.env, DEMO_URL: url, CHROMIUM_PATH: chromium },
    },
  );
  if (problem) console.error(problem.message);
  const { expected, unexpected, flaky, skipped } = json.stats;
  return orProblem(
    { passed: expected, failed: unexpected + flaky, skipped },
    problem,
  );
}

/** A command that is one test: it passes when it exits with 0. */
export async function runAsOneTest(name, node, script, env = {}) {
  const { command, args, options } = yarn(node);
  await step(name, () =>
    run(name, command, [...args, script], {
      ...options,
      env: { ...options.env, ...env },
    }),
  );
  return { passed: 1, failed: 0, skipped: 0 };
}

/** Signed cases made by others; kept beside the repository, not in it. */
const signedCases = path.resolve(root, '../shared/signed-cases');

/**
 * Those cases, and attacks derived from them, through `ct` and the service.
 * Where they are not there, that is one skipped test and said.
 */
export async function runSignedCases(node) {
  if (!existsSync(path.join(signedCases, 'cases.json'))) {
    console.log(
      `  skipped: there are no signed cases in ${shown(signedCases)}`,
    );
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const runs = { cases: [], attacks: ['--attacks', '--most', '5'] };
  for (const [name, options] of Object.entries(runs)) {
    const { passed, failed } = await runTallied(
      `verify-${name}`,
      node,
      'scripts/verify-cases.mjs',
      [signedCases, ...options],
    );
    sum.passed += passed;
    sum.failed += failed;
  }
  return sum;
}

/** A script that ends with a tally like our own. */
export async function runTallied(name, node, script, args = []) {
  let output;
  let problem;
  try {
    output = await step(name, () =>
      run(name, node.program, [script, ...args], { cwd: root, env: node.env }),
    );
  } catch (error) {
    problem = error;
    output = readFileSync(logFile(name), 'utf8');
    console.error(error.message);
  }
  const [, passed, failed, skipped = 0] =
    output.trim().match(/(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/) ??
    [];
  if (passed === undefined) throw new Error('ended without a tally');
  return orProblem(
    { passed: +passed, failed: +failed, skipped: +skipped },
    problem,
  );
}
