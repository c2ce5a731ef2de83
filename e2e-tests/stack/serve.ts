import { renameSync, writeFileSync } from 'node:fs';
import { runDir } from './paths.ts';
import { stopOnSignal } from './signals.ts';
import { start } from './stack.ts';
import { type StackState, stateFile } from './state.ts';

/** Runs the stack until it is told to stop; started by `up.ts`. */
const stack = await start(runDir, 'whole', line => console.log(line)).catch(
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
const state: StackState = {
  pid: process.pid,
  processes: stack.processes,
  env: stack.env,
  loopback: stack.loopback,
};
// Written whole and then named, so that a reader never sees half of it.
writeFileSync(`${stateFile}.new`, JSON.stringify(state, null, 2));
renameSync(`${stateFile}.new`, stateFile);

stopOnSignal(stack.stop, true);
