import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runDir } from './paths.ts';

/** What other processes need to know of a stack started with `stack:up`. */
export interface StackState {
  /** the process that owns the others and stops them when it is told to */
  pid: number;
  processes: Record<string, number>;
  env: Record<string, string>;
  loopback: Record<string, string>;
}

export const stateFile = path.join(runDir, 'state.json');

/** The running stack, or undefined when there is none. */
export function readState(): StackState | undefined {
  let state: StackState;
  try {
    state = JSON.parse(readFileSync(stateFile, 'utf8'));
  } catch {
    return undefined;
  }
  return isAlive(state.pid) ? state : undefined;
}

/** Whether a process with this ID exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
