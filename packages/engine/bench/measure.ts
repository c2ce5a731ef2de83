/** One line of what the bench prints. */
export type Measure = {
  name: string;
  value: number;
  unit: string;
  /** What it is compared with. */
  against: string;
  ratio: number;
  target: string;
  ok: boolean;
  /** What the machine did that the measure is not about. */
  note?: string;
};

/** Runs work and tells what it took of a clock. */
export type Clock = (work: () => void) => number;

/**
 * Milliseconds of processor time of this thread, so that other programs on the
 * machine do not count.
 */
export const processorTime: Clock = work => {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
};

/** Milliseconds of processor time: of all threads, and of this one alone. */
export async function processorTimes(
  work: () => Promise<unknown>,
): Promise<{ all: number; here: number }> {
  const before = { all: process.cpuUsage(), here: process.threadCpuUsage() };
  await work();
  const all = process.cpuUsage(before.all);
  const here = process.threadCpuUsage(before.here);
  return {
    all: (all.user + all.system) / 1000,
    here: (here.user + here.system) / 1000,
  };
}

/** Milliseconds that passed. */
export async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

/**
 * Times several kinds of the same work in turn, round by round, so that what
 * disturbs one of them disturbs the others.
 *
 * @returns the median of each kind
 */
export function interleaved<K extends string>(
  clock: Clock,
  rounds: number,
  works: Record<K, () => void>,
): Record<K, number> {
  const names = Object.keys(works) as K[];
  const times = Object.fromEntries(
    names.map(name => [name, [] as number[]]),
  ) as Record<K, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times[name].push(clock(works[name]));
  }
  return Object.fromEntries(
    names.map(name => [name, median(times[name])]),
  ) as Record<K, number>;
}

/** The middle one. */
export function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** As many digits as mean something. */
export function rounded(number: number): number {
  return Number(number.toPrecision(3));
}
