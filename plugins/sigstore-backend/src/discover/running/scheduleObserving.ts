import { SchedulerService } from '@backstage/backend-plugin-api';
import { RunningArtifactsSource } from '@cloudythings/backstage-plugin-sigstore-node';
import { RunningConfig } from './config';
import { ObservePorts, observeRunning } from './observeRunning';

/**
 * Has every observer asked regularly, each in a task of its own: one that is slow
 * or fails holds up no other.
 */
export async function scheduleObserving(
  sources: readonly RunningArtifactsSource[],
  scheduler: SchedulerService,
  { periodMs, ...config }: RunningConfig,
  ports: Omit<ObservePorts, keyof RunningConfig>,
): Promise<void> {
  for (const source of sources) {
    await scheduler.scheduleTask({
      id: `sigstore-running-${source.id}`,
      frequency: { milliseconds: periodMs },
      timeout: { minutes: 15 },
      fn: async signal => {
        const { asked, changed } = await observeRunning(
          source,
          { ...ports, ...config },
          signal,
        );
        ports.logger.debug(
          `Asked ${source.title} ${asked} times what runs: ${changed} entities changed`,
        );
      },
    });
  }
}
