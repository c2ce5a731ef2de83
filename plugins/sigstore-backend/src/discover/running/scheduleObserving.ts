import { SchedulerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { RunningArtifactsSource } from '@cloudythings/backstage-plugin-sigstore-node';
import { RunningConfig } from './config';
import { ObservePorts, observeRunning } from './observeRunning';

const TIMEOUT = { minutes: 15 };

/** Less than that, so that what came until then can be saved. */
const ANSWER_WITHIN_MS = 10 * 60_000;

const taskOf = ({ id }: RunningArtifactsSource) => `sigstore-running-${id}`;

/**
 * Has every observer asked regularly, each in a task of its own: one that is slow
 * or fails holds up no other.
 *
 * @returns has them asked now, for entities that became known; never throws
 */
export async function scheduleObserving(
  sources: readonly RunningArtifactsSource[],
  scheduler: SchedulerService,
  { periodMs, ...config }: RunningConfig,
  ports: Omit<ObservePorts, keyof RunningConfig | 'answerWithinMs'>,
): Promise<() => Promise<void>> {
  for (const source of sources) {
    await scheduler.scheduleTask({
      id: taskOf(source),
      frequency: { milliseconds: periodMs },
      // Nothing is known before the first discovery, which has them asked.
      initialDelay: { milliseconds: periodMs },
      timeout: TIMEOUT,
      fn: async signal => {
        const { asked, changed } = await observeRunning(
          source,
          { ...ports, ...config, answerWithinMs: ANSWER_WITHIN_MS },
          signal,
        );
        ports.logger.debug(
          `Asked ${source.title} ${asked} times what runs: ${changed} entities changed`,
        );
      },
    });
  }
  return async () => {
    for (const source of sources) {
      // It fails while the task is running, which is as good.
      await scheduler
        .triggerTask(taskOf(source))
        .catch(error =>
          ports.logger.debug(
            `${source.title} was not asked: ${stringifyError(error)}`,
          ),
        );
    }
  };
}
