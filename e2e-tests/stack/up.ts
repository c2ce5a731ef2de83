import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { toolsDir } from './paths.ts';
import { readState, stateFile } from './state.ts';

/**
 * `yarn stack:up`: starts the stack in the background and says what is ready and
 * how to reach it. The background process is `serve.ts`.
 */
if (readState()) {
  console.error('The stack is already running; yarn stack:down stops it.');
  process.exit(1);
}
mkdirSync(toolsDir, { recursive: true });
const logFile = path.join(toolsDir, 'stack.log');
const log = openSync(logFile, 'w');
const child = spawn(
  process.execPath,
  [path.join(import.meta.dirname, 'serve.ts')],
  {
    detached: true,
    stdio: ['ignore', log, log],
  },
);
closeSync(log);

let shown = 0;
const show = () => {
  const text = readFileSync(logFile, 'utf8');
  process.stdout.write(text.slice(shown));
  shown = text.length;
};
while (child.exitCode === null && child.signalCode === null && !readState()) {
  await delay(100);
  show();
}
show();
const state = readState();
if (!state) {
  process.exit(1);
}
console.log('\nReach it by its names with these variables:');
for (const [name, value] of Object.entries(state.env))
  console.log(`  export ${name}=${value}`);
console.log(
  `State: ${stateFile}\nTokens: node e2e-tests/stack/token.ts --help`,
);
child.unref();
process.exit(0);
