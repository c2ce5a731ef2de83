#!/usr/bin/env node
// Changes the verification and the judging in thousands of small ways, one at
// a time, and shows which changes no test notices: npm run mutants
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compareMutants } from './mutants/compareMutants.mjs';
import { ensureInstalled } from './runner/install.mjs';
import { main } from './runner/main.mjs';
import { ensureNode } from './runner/node.mjs';
import { root, tools } from './runner/paths.mjs';
import { run } from './runner/processes.mjs';
import { step } from './runner/progress.mjs';

const equivalentFile = path.join(root, 'scripts/mutants/equivalent.json');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', default: false } },
});

main(async () => {
  if (values.help) {
    console.log('npm run mutants -- [src/judge/patterns.ts]…   (default: all)');
    return 0;
  }
  const node = await ensureNode();
  await ensureInstalled(node);
  const report = path.join(tools, 'logs', 'mutants.json');
  rmSync(report, { force: true });
  await step('Running the tests against every mutant, an hour or so', () =>
    run(
      'mutants',
      node.program,
      [
        path.join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js'),
        ...['run', path.join(root, 'scripts/mutants/stryker.config.mjs')],
        ...(positionals.length > 0 ? ['--mutate', positionals.join(',')] : []),
      ],
      {
        cwd: path.join(root, 'packages/engine'),
        env: { ...process.env, ...node.env, MUTANTS_REPORT: report },
      },
    ),
  );
  if (!existsSync(report)) throw new Error('Stryker wrote no report');
  const { survived, listed, stale, killed } = compareMutants(
    JSON.parse(readFileSync(report, 'utf8')),
    JSON.parse(readFileSync(equivalentFile, 'utf8')),
  );
  for (const { file, line, mutator, source, replacement } of survived) {
    console.log(`survived  ${file}:${line} ${mutator}`);
    console.log(`  - ${source}\n  + ${replacement}`);
  }
  for (const { file, source, replacement } of stale) {
    console.log(`no longer there  ${file}\n  - ${source}\n  + ${replacement}`);
  }
  console.log(
    `${killed} killed, ${listed} equivalent, ${survived.length} survived`,
  );
  return survived.length + stale.length > 0 ? 1 : 0;
});
