import { mockServices } from '@backstage/backend-test-utils';
import { ResponseError } from '@backstage/errors';
import { refreshKey } from './refreshKey';
import { StatusPoll } from './StatusPoll';
import { StatusRefresher } from './StatusRefresher';
import { StatusSnapshot } from './StatusSnapshot';
import { StatusRows } from './__testUtils__/StatusRows';

function setUp() {
  const rows = new StatusRows();
  const getStatusChanges = jest.fn(async (query: { cursor?: string }) =>
    rows.read(query),
  );
  const refresh = jest.fn(async (_: { keys: string[] }) => {});
  const refresher = new StatusRefresher();
  const logger = mockServices.logger.mock();
  const poll = new StatusPoll({
    snapshot: StatusSnapshot.create({
      auth: mockServices.auth(),
      sigstore: { getStatusChanges },
    }),
    refresher,
    logger,
  });
  const connect = () =>
    refresher.connect({ refresh, applyMutation: async () => {} });
  return {
    rows,
    poll,
    refresher,
    refresh,
    getStatusChanges,
    logger,
    connect,
  };
}

describe('StatusPoll', () => {
  it('keeps changes until the catalog is connected and takes them', async () => {
    const { rows, poll, refresher, refresh, connect } = setUp();
    rows.set('component:default/a', 'expected-signer');
    await poll.run();
    expect(refresher.waiting).toBe(1);

    await connect();
    refresh.mockRejectedValueOnce(new Error('database is busy'));
    await poll.run();
    expect(refresher.waiting).toBe(1);

    await poll.run();
    expect(refresh).toHaveBeenLastCalledWith({
      keys: [refreshKey('component:default/a')],
    });
    expect(refresher.waiting).toBe(0);
    await poll.run();
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('spreads a flood over several turns, with the latest changes first', async () => {
    const { rows, poll, refresh, connect } = setUp();
    await connect();
    for (let n = 0; n < 700; n++) {
      rows.set(`component:default/e${n}`, 'expected-signer');
    }
    await poll.run();
    rows.set('component:default/urgent', 'evidence-mismatch');
    await poll.run();

    const [first, second] = refresh.mock.calls.map(([{ keys }]) => keys);
    expect(first).toHaveLength(500);
    expect(second).toHaveLength(201);
    expect(second).toContain(refreshKey('component:default/urgent'));
    expect(new Set([...first, ...second]).size).toBe(701);
  });

  it('warns once in an outage and goes on afterwards', async () => {
    const { rows, poll, getStatusChanges, logger } = setUp();
    getStatusChanges.mockRejectedValueOnce(new Error('connection refused'));
    getStatusChanges.mockRejectedValueOnce(new Error('connection refused'));
    rows.set('component:default/a', 'expected-signer');
    await poll.run();
    await poll.run();
    await poll.run();
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('connection refused'),
    );
    expect(logger.info).toHaveBeenCalledTimes(1);
  });

  it('starts over when its cursor is refused', async () => {
    const { rows, poll, getStatusChanges } = setUp();
    rows.set('component:default/a', 'expected-signer');
    await poll.run();
    getStatusChanges.mockRejectedValueOnce(
      await ResponseError.fromResponse(new Response('{}', { status: 400 })),
    );
    await poll.run();
    await poll.run();
    expect(getStatusChanges.mock.calls.map(([query]) => query.cursor)).toEqual([
      undefined,
      '1',
      undefined,
    ]);
  });
});
