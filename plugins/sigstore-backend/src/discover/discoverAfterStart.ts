import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { setTimeout as pause } from 'node:timers/promises';

/** How long to wait before each of the additional readings. */
const PAUSES_MS = [5_000, 10_000, 20_000, 40_000];

const unrefPause = (ms: number, signal: AbortSignal) =>
  pause(ms, undefined, { signal, ref: false });

/**
 * Has the catalog read a few times more after the start. A catalog kept in
 * memory, as new apps have it, is still empty then, and nobody should wait for
 * the next regular reading to see their first service. Never throws.
 *
 * @param trigger - makes the regular task run now, on whatever replica
 * @param signal - ends it early
 */
export async function discoverAfterStart(
  trigger: () => Promise<void>,
  logger: LoggerService,
  signal: AbortSignal,
  wait: (ms: number, signal: AbortSignal) => Promise<void> = unrefPause,
): Promise<void> {
  for (const ms of PAUSES_MS) {
    await wait(ms, signal).catch(() => {});
    if (signal.aborted) return;
    // It fails while the task is running, which is as good.
    await trigger().catch(error =>
      logger.debug(`The catalog was not read: ${stringifyError(error)}`),
    );
  }
}
