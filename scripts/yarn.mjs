#!/usr/bin/env node
// The Yarn of this repository for people who have npm only:
// npm run yarn -- install, npm run yarn -- tsc, …
import { spawnSync } from 'node:child_process';
import { main } from './runner/main.mjs';
import { ensureNode } from './runner/node.mjs';
import { yarn } from './runner/yarn.mjs';

main(async () => {
  const { command, args, options } = yarn(await ensureNode());
  const { status } = spawnSync(command, [...args, ...process.argv.slice(2)], {
    ...options,
    stdio: 'inherit',
  });
  return status ?? 1;
});
