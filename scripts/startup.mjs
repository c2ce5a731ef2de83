#!/usr/bin/env node
// How long the built `ct` takes, from the start of the process to its end:
//   node scripts/startup.mjs
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureCtBuilt } from './runner/ct.mjs';
import { ensureInstalled } from './runner/install.mjs';
import { main } from './runner/main.mjs';
import { ensureNode } from './runner/node.mjs';
import { root } from './runner/paths.mjs';

const targetMs = 500;
const world = path.join(root, 'packages/demo-world/recorded');
const plan = path.join(world, 'store/prod/checkout/plan.json');

/** What is measured: a name, the arguments, and how it must end. */
const commands = [
  ['ct --version', ['--version'], 0],
  ['ct --help', ['--help'], 0],
  [
    'ct verify artifact FILE --bundle FILE',
    [
      ...['verify', 'artifact', plan, '--bundle', `${plan}.sigstore.json`],
      ...['--trusted-root', path.join(world, 'trusted_root.json')],
      ...['--allow-demo-root', '--trust-workspace'],
      ...['--certificate-identity-regexp', 'https://github.com/acme/.*'],
      '--certificate-oidc-issuer',
      'https://token.actions.githubusercontent.com',
    ],
    0,
  ],
];

/**
 * Measures how long the built `ct` takes for each command, with what was
 * compiled before in Node's compile cache, as for anybody who calls it a second
 * time. The fastest round counts: whatever else the machine does only adds.
 *
 * @param {{ program: string, env: Record<string, string | undefined> }} node
 * @param {{ rounds?: number }} [options]
 */
export async function measureStartup(node, { rounds = 15 } = {}) {
  const bin = await ensureCtBuilt(node);
  return commands.map(([name, args, expected]) => {
    const times = [];
    for (let round = -1; round < rounds; round++) {
      const started = process.hrtime.bigint();
      const { status, stderr, stdout } = spawnSync(
        node.program,
        [bin, ...args],
        { env: node.env, encoding: 'utf8' },
      );
      const took = Number(process.hrtime.bigint() - started) / 1e6;
      if (status !== expected)
        throw new Error(`${name} ended with ${status}:\n${stdout}${stderr}`);
      // The first fills the cache.
      if (round >= 0) times.push(took);
    }
    const value = Math.min(...times);
    return {
      name: `startup of ${name}`,
      value: Math.round(value),
      unit: 'ms',
      against: 'half a second',
      ratio: Number((value / targetMs).toFixed(2)),
      target: `< ${targetMs} ms`,
      ok: value < targetMs,
    };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await main(async () => {
    const node = await ensureNode();
    await ensureInstalled(node);
    const measures = await measureStartup(node);
    measures.forEach(measure => console.log(JSON.stringify(measure)));
    return measures.every(({ ok }) => ok) ? 0 : 1;
  });
