import { mockServices } from '@backstage/backend-test-utils';
import { discoverAfterStart } from './discoverAfterStart';

describe('discoverAfterStart', () => {
  const logger = mockServices.logger.mock();

  const pauses: number[] = [];
  const wait = async (ms: number, signal: AbortSignal) => {
    pauses.push(ms);
    signal.throwIfAborted();
  };

  beforeEach(() => {
    pauses.length = 0;
  });

  it('reads the catalog again a few times, ever more rarely, whatever happens', async () => {
    const trigger = jest.fn().mockRejectedValue(new Error('it is running'));
    const { signal } = new AbortController();
    await discoverAfterStart(trigger, logger, signal, wait);
    expect(trigger).toHaveBeenCalledTimes(pauses.length);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses[0]).toBeLessThanOrEqual(10_000);
  });

  it('ends with the backend', async () => {
    const stopped = new AbortController();
    const trigger = jest.fn(async () => stopped.abort());
    await discoverAfterStart(trigger, logger, stopped.signal, wait);
    expect(trigger).toHaveBeenCalledTimes(1);
  });
});
