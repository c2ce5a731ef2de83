import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { explain } from './failures.mjs';
import { logFile, shown } from './paths.mjs';
import { Problem } from './problem.mjs';

/** Each process that was started and did not end, with how it will end. */
const running = new Map();
const graceMs = 8_000;

/**
 * Starts a program in a process group of its own, so that ending it ends
 * everything it started. Same arguments as `spawn`.
 *
 * Returns the process, and a promise of how it ended that never rejects.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { ...options, detached: true });
  const ended = new Promise(resolve => {
    child.once('error', error => resolve({ error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  }).finally(() => {
    signalGroup(child, 'SIGKILL');
    running.delete(child);
  });
  running.set(child, ended);
  return { child, ended };
}

/**
 * Runs a program to its end with its output in `.tools/logs/<log>.log`.
 * Returns what it wrote on standard output; throws a Problem that names the
 * log when it fails.
 *
 * @param {string} log
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export async function run(log, command, args, options = {}) {
  const file = logFile(log);
  const output = createWriteStream(file);
  const { child, ended } = start(command, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
    output.write(chunk);
  });
  child.stderr.on('data', chunk => output.write(chunk));
  const end = await ended;
  await new Promise(resolve => output.end(resolve));
  if (end.error || end.code !== 0) throw failed(log, command, file, end);
  return stdout;
}

function failed(log, command, file, { error, code, signal }) {
  const text = readFileSync(file, 'utf8');
  const tail = text.trim().split('\n').slice(-15).join('\n');
  const reason =
    explain(text, error) ??
    (error ? `cannot run ${command}: ${error.message}` : undefined) ??
    (signal ? `ended by ${signal}` : `exit code ${code}`);
  return new Problem(
    `${log} failed: ${reason}\n\n${tail}\n\nFull output: ${shown(file)}`,
  );
}

function signalGroup(child, signal) {
  if (!child.pid) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}

/** Ends everything that was started here, politely first. */
export async function endAll() {
  const children = [...running.keys()];
  for (const child of children) signalGroup(child, 'SIGTERM');
  const impatient = setTimeout(() => {
    for (const child of children) signalGroup(child, 'SIGKILL');
  }, graceMs);
  await Promise.all(running.values());
  clearTimeout(impatient);
}

let ending = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    if (ending) return;
    ending = true;
    await endAll();
    process.exit(128 + constants.signals[signal]);
  });
}
process.on('exit', () => {
  for (const child of running.keys()) signalGroup(child, 'SIGKILL');
});

// npm or the shell between the terminal and us may be ended without a word.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, 1_000).unref();
