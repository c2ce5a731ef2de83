import { once } from 'events';
import { setTimeout } from 'timers/promises';
import { Worker } from 'worker_threads';
import { rounded } from './measure';

const MILLISECONDS = 300;
const COUNTING = `
  const { parentPort } = require('worker_threads');
  parentPort.postMessage('begun');
  for (let count = 0; ; count++);
`;

/**
 * How many cores the machine gives to threads that do nothing but count: what
 * work on as many threads can get at best while others use the machine, too.
 */
export async function coresFor(threads: number): Promise<number> {
  const workers = Array.from(
    { length: threads },
    () => new Worker(COUNTING, { eval: true }),
  );
  await Promise.all(workers.map(worker => once(worker, 'message')));
  const began = performance.now();
  const before = process.cpuUsage();
  await setTimeout(MILLISECONDS);
  const { user, system } = process.cpuUsage(before);
  const passed = performance.now() - began;
  await Promise.all(workers.map(worker => worker.terminate()));
  return rounded((user + system) / 1000 / passed);
}
