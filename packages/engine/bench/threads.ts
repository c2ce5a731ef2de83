import { availableParallelism } from 'os';
import { monitorEventLoopDelay } from 'perf_hooks';
import { setTimeout } from 'timers/promises';
import { VerificationPool } from '../src/verify/pool';
import { Measure, elapsed, median, rounded } from './measure';
import { Sample, verifySample } from './samples';

const ROUNDS = 5;
const REPEATED = 3;
const PAUSE_MILLISECONDS = 200;

/** Row three: many, on all cores, while the event loop stays free. */
export async function measureThreads(samples: Sample[]): Promise<Measure[]> {
  const cores = Math.max(2, availableParallelism());
  const pool = VerificationPool.create({ threads: cores });
  const all = Array.from({ length: REPEATED }, () => samples).flat();
  const onThreads = () =>
    Promise.all(
      all.map(({ evidence, digest, profile, otherDigests }) =>
        pool.verify(evidence, digest, profile, { otherDigests }),
      ),
    );
  const here = async () => all.forEach(sample => verifySample(sample));
  await onThreads();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const times = { one: [] as number[], many: [] as number[] };
  const blocked: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.one.push(await elapsed(here));
    // What was just done blocked the loop by intent, and left things behind.
    await setTimeout(PAUSE_MILLISECONDS);
    delay.reset();
    delay.enable();
    times.many.push(await elapsed(onThreads));
    delay.disable();
    blocked.push(delay.max / 1e6);
  }
  await pool.close();
  const ratio = median(times.one) / median(times.many);
  const longest = median(blocked);
  return [
    {
      name: `verify on ${cores} threads`,
      value: rounded((all.length / median(times.many)) * 1000),
      unit: 'bundles a second',
      against: `one thread, ${rounded(
        (all.length / median(times.one)) * 1000,
      )} bundles a second`,
      ratio: rounded(ratio),
      target: `>= ${0.9 * cores}`,
      ok: ratio >= 0.9 * cores,
    },
    {
      name: `event loop while ${cores} threads verify`,
      value: rounded(longest),
      unit: 'ms blocked at most',
      against: '20 ms',
      ratio: rounded(longest / 20),
      target: '<= 1',
      ok: longest <= 20,
    },
  ];
}
