import { availableParallelism } from 'os';
import { monitorEventLoopDelay } from 'perf_hooks';
import { setTimeout } from 'timers/promises';
import { VerificationPool } from '../src/verify/pool';
import { coresFor } from './machine';
import { Measure, elapsed, median, processorTimes, rounded } from './measure';
import { Sample, verifySample } from './samples';

const ROUNDS = 5;
const REPEATED = 3;
const PAUSE_MILLISECONDS = 200;
const MOST_MILLISECONDS_BLOCKED = 20;

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
  const times = { one: [] as number[], many: [] as number[] };
  const used = {
    one: [] as number[],
    many: [] as number[],
    main: [] as number[],
  };
  const blocked = { idle: [] as number[], verifying: [] as number[] };
  const given: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    given.push(await coresFor(cores));
    const alone = await processorTimes(async () => {
      times.one.push(await elapsed(here));
    });
    used.one.push(alone.all);
    // What was just done blocked the loop by intent, and left things behind.
    await setTimeout(PAUSE_MILLISECONDS);
    const together = await processorTimes(async () => {
      const verifying = await longestDelay(async () => {
        times.many.push(await elapsed(onThreads));
      });
      blocked.verifying.push(verifying);
    });
    used.many.push(together.all);
    used.main.push(together.here);
    const asLong = times.many[round];
    blocked.idle.push(await longestDelay(() => setTimeout(asLong)));
  }
  await pool.close();
  const ratio = median(times.one) / median(times.many);
  const machine = median(given);
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
      ...(machine < 0.95 * cores
        ? {
            note: `the machine was busy: ${cores} threads that only count got ${rounded(
              machine,
            )} cores`,
          }
        : {}),
    },
    processor(cores, median(used.many), median(used.one), median(used.main)),
    ...delays(cores, median(blocked.verifying), median(blocked.idle)),
  ];
}

/** What the threads cost besides the work itself: no target, a profile. */
function processor(
  cores: number,
  many: number,
  one: number,
  main: number,
): Measure {
  return {
    name: `processor time of verifying on ${cores} threads`,
    value: rounded(many),
    unit: 'ms of all threads',
    against: `one thread, ${rounded(
      one,
    )} ms; the thread that hands out the work, ${rounded(main)} ms`,
    ratio: rounded(many / one),
    target: 'none',
    ok: true,
  };
}

function delays(cores: number, verifying: number, idle: number): Measure[] {
  const line = (name: string, longest: number, against: string): Measure => ({
    name,
    value: rounded(longest),
    unit: 'ms blocked at most',
    against,
    ratio: rounded(longest / MOST_MILLISECONDS_BLOCKED),
    target: '<= 1',
    ok: longest <= MOST_MILLISECONDS_BLOCKED,
    ...(idle > MOST_MILLISECONDS_BLOCKED
      ? { note: 'the machine was busy: an idle process is blocked as long' }
      : {}),
  });
  const most = `${MOST_MILLISECONDS_BLOCKED} ms`;
  return [
    line('event loop while nothing is done', idle, most),
    line(
      `event loop while ${cores} threads verify`,
      verifying,
      `${most}; while nothing is done, ${rounded(idle)} ms`,
    ),
  ];
}

async function longestDelay(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return delay.max / 1e6;
}
