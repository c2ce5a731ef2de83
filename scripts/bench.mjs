#!/usr/bin/env node
// Prints one line of JSON for each measure of packages/engine/bench and of the
// startup of `ct`; its exit code is not 0 when anything that has to be refused
// passes.
import path from 'node:path';
import { ensureInstalled } from './runner/install.mjs';
import { main } from './runner/main.mjs';
import { ensureNode } from './runner/node.mjs';
import { root } from './runner/paths.mjs';
import { start } from './runner/processes.mjs';
import { measureStartup } from './startup.mjs';

// Only measures go to standard output; what is said about installing and
// building goes beside it.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

main(async () => {
  const node = await ensureNode();
  await ensureInstalled(node);
  const engine = path.join(root, 'packages/engine');
  const { ended } = start(
    node.program,
    [
      ...['--require', '@backstage/cli/config/nodeTransform.cjs'],
      path.join(engine, 'bench/run.ts'),
    ],
    { cwd: engine, env: node.env, stdio: 'inherit' },
  );
  const { code } = await ended;
  if (code !== 0) return code ?? 1;
  const lines = await measureStartup(node);
  lines.forEach(line => print(`${JSON.stringify(line)}\n`));
  return 0;
});
