#!/usr/bin/env node
import { ensureInstalled } from './runner/install.mjs';
import { main } from './runner/main.mjs';
import { ensureNode } from './runner/node.mjs';
import { runChecks } from './runner/stages.mjs';

main(async () => {
  const node = await ensureNode();
  await ensureInstalled(node);
  const { failed } = await runChecks(node);
  return failed === 0 ? 0 : 1;
});
