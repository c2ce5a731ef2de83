import { SourcePorts } from '../resolve';
import { CollectResult, CollectTarget, EvidenceSource } from './evidence';

// Between being told to stop and being left behind.
const GRACE_MS = 1000;

/**
 * Lets a source work for so long. Then it is told to stop, and gives what it
 * has; one that does not stop is left behind. Rejects with what it rejects with,
 * or when it was left behind.
 */
export async function collectWithin(
  ms: number,
  source: EvidenceSource,
  target: CollectTarget,
  ports: SourcePorts,
): Promise<CollectResult> {
  const stop = new AbortController();
  const { signal: outer } = ports;
  const signal = outer ? AbortSignal.any([outer, stop.signal]) : stop.signal;
  const timers: NodeJS.Timeout[] = [];
  const leftBehind = new Promise<never>((_, reject) => {
    const leave = () =>
      reject(new Error('the source did not answer in the time it has'));
    const end = () => {
      timers.push(setTimeout(leave, Math.min(GRACE_MS, ms)));
      stop.abort(new DOMException('over', 'AbortError'));
    };
    timers.push(setTimeout(end, ms));
  });
  try {
    const collecting = source.collect(target, { ...ports, signal });
    return await Promise.race([collecting, leftBehind]);
  } finally {
    timers.forEach(clearTimeout);
  }
}
