#!/usr/bin/env node
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkWorld, readExpected } from './runner/check.mjs';
import { ensureChromium } from './runner/chromium.mjs';
import { testDatabases } from './runner/databases.mjs';
import { startDemo } from './runner/demo.mjs';
import { ensureInstalled } from './runner/install.mjs';
import { keepBusy } from './runner/load.mjs';
import { main } from './runner/main.mjs';
import { ensureNode } from './runner/node.mjs';
import { endAll } from './runner/processes.mjs';
import { root } from './runner/paths.mjs';
import { step } from './runner/progress.mjs';
import {
  runAsOneTest,
  runBrowserTests,
  runChecks,
  runNodeTests,
  runSignedCases,
  runTallied,
  runUnitTests,
} from './runner/stages.mjs';
import { formatDisagreements } from './runner/table.mjs';
import { Tally } from './runner/tally.mjs';

const names = [
  ...['checks', 'unit', 'node', 'cases', 'world', 'load', 'browser'],
  ...['later', 'tampered', 'rebuild', 'install'],
];
const years = 5;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', default: false } },
});
const wanted = name => positionals.length === 0 || positionals.includes(name);

main(async () => {
  const unknown = positionals.filter(name => !names.includes(name));
  if (values.help || unknown.length > 0) {
    console.log(`npm test -- [${names.join('|')}]…   (default: all)`);
    return unknown.length > 0 ? 1 : 0;
  }

  const node = await ensureNode();
  await ensureInstalled(node);
  const tally = new Tally();

  if (wanted('checks'))
    await tally.stage('static checks', () => runChecks(node));
  if (wanted('unit'))
    await tally.stage('unit tests', async () =>
      runUnitTests(node, await testDatabases()),
    );
  if (wanted('node')) await tally.stage('node tests', () => runNodeTests(node));
  if (wanted('cases'))
    await tally.stage('signed cases', () => runSignedCases(node));
  if (['world', 'load', 'browser'].some(wanted)) await testDemo(node, tally);
  if (wanted('later'))
    await tally.stage(`recorded world, in ${years} years`, () =>
      testLater(node),
    );
  if (wanted('tampered'))
    await tally.stage('tampered worlds', () =>
      runTallied('tampered', node, 'e2e-tests/tampered/run.ts'),
    );
  if (wanted('rebuild'))
    await tally.stage('changed verdict', () =>
      runAsOneTest('test-rebuild', node, 'test:rebuild'),
    );
  if (wanted('install'))
    await tally.stage('installed from packages', () =>
      runAsOneTest('test-install', node, 'test:install'),
    );

  console.log(tally.toString());
  return tally.failed ? 1 : 0;
});

const worldDir = path.join(root, 'packages/demo-world');

/** Starts a demo and compares it with what is expected of the world. */
async function startAndCompare(node, yearsAhead = 0) {
  const demo = await startDemo({ node, worldDir, port: 0, yearsAhead });
  const rows = await step('Comparing with expected.yaml', () =>
    checkWorld(demo, readExpected(worldDir)),
  );
  const wrong = rows.filter(row => !row.agrees);
  if (wrong.length > 0) console.error(formatDisagreements(rows));
  const failed = wrong.length;
  return { demo, rows, passed: rows.length - failed, failed, skipped: 0 };
}

/** Signatures are judged by when they were made, so the world lasts. */
async function testLater(node) {
  const { passed, failed, skipped } = await startAndCompare(node, years);
  await endAll();
  return { passed, failed, skipped };
}

/** What needs a running demo shares one. */
async function testDemo(node, tally) {
  let demo;
  let entityRefs;
  await tally.stage('recorded world', async () => {
    const { rows, ...started } = await startAndCompare(node);
    demo = started.demo;
    entityRefs = [...new Set(rows.map(row => row.entity))];
    return started;
  });
  const needsDemo = run => async () => {
    if (!entityRefs) throw new Error('the demo did not start');
    return run();
  };
  if (wanted('load'))
    await tally.stage(
      'under load',
      needsDemo(async () => {
        await step('Requests', () => keepBusy(demo, entityRefs));
        return { passed: 1, failed: 0, skipped: 0 };
      }),
    );
  if (wanted('browser'))
    await tally.stage(
      'browser tests',
      needsDemo(async () =>
        runBrowserTests(node, {
          url: demo.url,
          chromium: await ensureChromium(node),
        }),
      ),
    );
  await endAll();
}
