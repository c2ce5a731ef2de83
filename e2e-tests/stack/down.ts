import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, readState } from './state.ts';

/** `yarn stack:down`: stops the stack and wipes its keys. */
const state = readState();
if (!state) {
  console.log('The stack is not running.');
  process.exit(0);
}
process.kill(state.pid, 'SIGTERM');
const deadline = AbortSignal.timeout(15_000);
while (isAlive(state.pid) && !deadline.aborted) await delay(50);
const left = Object.entries(state.processes).filter(([, pid]) => isAlive(pid));
if (left.length > 0) {
  console.error(
    `Still running: ${left
      .map(([name, pid]) => `${name} (${pid})`)
      .join(', ')}`,
  );
  process.exit(1);
}
console.log('Stopped; keys and storage are gone.');
