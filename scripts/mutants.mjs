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
const rooms = ['verify', 'judge'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', default: false } },
});

main(async () => {
  const unknown = positionals.filter(name => !rooms.includes(name));
  if (values.help || unknown.length > 0) {
    console.log(`npm run mutants -- [${rooms.join('|')}]…   (default: all)`);
    return unknown.length > 0 ? 1 : 0;
  }
  const node = await ensureNode();
  await ensureInstalled(node);
  const equivalent = JSON.parse(readFileSync(equivalentFile, 'utf8'));
  const total = { killed: 0, listed: 0, survived: 0, stale: 0 };
  for (const room of positionals.length > 0 ? positionals : rooms) {
    const report = await reportOf(room, node);
    const { survived, listed, stale, killed } = compareMutants(
      report,
      equivalent,
    );
    for (const { file, line, mutator, source, replacement } of survived) {
      console.log(`survived  ${file}:${line} ${mutator}`);
      console.log(`  - ${source}\n  + ${replacement}`);
    }
    for (const { file, source, replacement } of stale) {
      console.log(
        `no longer there  ${file}\n  - ${source}\n  + ${replacement}`,
      );
    }
    total.killed += killed;
    total.listed += listed;
    total.survived += survived.length;
    total.stale += stale.length;
  }
  console.log(
    `${total.killed} killed, ${total.listed} equivalent, ${total.survived} survived`,
  );
  return total.survived + total.stale > 0 ? 1 : 0;
});

/** Runs the tests of one folder of the engine against each of its mutants. */
async function reportOf(room, node) {
  const file = path.join(tools, 'logs', `mutants-${room}.json`);
  rmSync(file, { force: true });
  await step(`Mutants of ${room}, a quarter of an hour or more`, () =>
    run(
      `mutants-${room}`,
      node.program,
      [
        path.join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js'),
        ...['run', path.join(root, 'scripts/mutants/stryker.config.mjs')],
      ],
      {
        cwd: path.join(root, 'packages/engine'),
        env: { ...node.env, MUTANTS_REPORT: file, MUTANTS_ROOM: room },
      },
    ),
  );
  if (!existsSync(file)) throw new Error('Stryker wrote no report');
  return JSON.parse(readFileSync(file, 'utf8'));
}
