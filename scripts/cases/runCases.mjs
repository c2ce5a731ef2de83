import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { root, tools } from '../runner/paths.mjs';
import { run } from '../runner/processes.mjs';
import { rowOf } from './outcomes.mjs';

/** Both ways in which an artifact is checked, and what runs cases that way. */
const ways = [
  { name: 'ct', folder: 'packages/ct' },
  { name: 'the service', folder: 'plugins/sigstore-backend' },
];

/**
 * Runs cases through the command and through the backend's service, at the same
 * time. A way that breaks down is an error: nothing passes by not being run.
 *
 * @param {{ program: string, env: Record<string, string | undefined> }} node
 * @param {import('./readCases.mjs').SignedCase[]} cases
 * @param {string} name of the logs
 * @returns {Promise<ReturnType<typeof rowOf>[]>}
 */
export async function runCases(node, cases, name) {
  mkdirSync(tools, { recursive: true });
  const scratch = mkdtempSync(path.join(tools, 'cases-'));
  try {
    const input = path.join(scratch, 'cases.json');
    writeFileSync(input, JSON.stringify(cases));
    const results = await Promise.all(
      ways.map(way => runOneWay(node, way, { input, scratch, name })),
    );
    return cases.map((one, index) =>
      rowOf(
        one,
        ways.map((way, at) => ({ way: way.name, ...results[at][index] })),
      ),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function runOneWay(
  node,
  { name, folder },
  { input, scratch, name: log },
) {
  const short = path.basename(folder);
  const output = path.join(scratch, `${short}.json`);
  await run(
    `${log}-${short}`,
    node.program,
    [
      ...['--require', '@backstage/cli/config/nodeTransform.cjs'],
      ...['dev/verifyCases.ts', input, output],
    ],
    { cwd: path.join(root, folder), env: { ...node.env, LOG_LEVEL: 'warn' } },
  );
  const results = JSON.parse(readFileSync(output, 'utf8'));
  const expected = JSON.parse(readFileSync(input, 'utf8')).length;
  if (results.length !== expected)
    throw new Error(`${name} ran ${results.length} of ${expected} cases`);
  return results;
}
