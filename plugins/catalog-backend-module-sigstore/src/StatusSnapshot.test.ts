import { mockServices } from '@backstage/backend-test-utils';
import { StatusSnapshot } from './StatusSnapshot';
import { StatusRows } from './__testUtils__/StatusRows';

function setUp(options: { pageSize?: number } = {}) {
  const rows = new StatusRows();
  let fail: Error | undefined;
  let time = Date.parse('2026-11-20T12:00:00Z');
  const sigstore = {
    getStatusChanges: async ({ cursor }: { cursor?: string }) => {
      if (fail) throw fail;
      return rows.read({ cursor, limit: options.pageSize });
    },
  };
  const snapshot = StatusSnapshot.create({
    sigstore,
    auth: mockServices.auth(),
    now: () => {
      time += 1000;
      return new Date(time);
    },
  });
  return {
    rows,
    snapshot,
    failWith: (error: Error | undefined) => {
      fail = error;
    },
  };
}

describe('StatusSnapshot', () => {
  it('knows nothing, and says so, before the first update', () => {
    const { snapshot } = setUp();
    expect(snapshot.asOf).toBeUndefined();
    expect(snapshot.statusOf('component:default/a')).toBeUndefined();
  });

  it('reads page after page until there are no more', async () => {
    const { rows, snapshot } = setUp({ pageSize: 2 });
    const refs = ['a', 'b', 'c', 'd', 'e'].map(n => `component:default/${n}`);
    refs.forEach(ref => rows.set(ref, 'expected-signer'));

    expect((await snapshot.update()).sort()).toEqual(refs);
    expect(rows.reads.map(r => r.cursor)).toEqual([undefined, '2', '4']);
    expect(snapshot.asOf).toBe('2026-11-20T12:00:01.000Z');
  });

  it('asks for what is new and tells only what differs', async () => {
    const { rows, snapshot } = setUp();
    rows.set('component:default/a', 'pending');
    rows.set('component:default/b', 'pending');
    await snapshot.update();

    rows.set('component:default/a', 'no-signature');
    rows.set('component:default/b', 'pending');
    expect(await snapshot.update()).toEqual(['component:default/a']);
    expect(rows.reads.at(-1)).toEqual({ cursor: '2' });

    rows.set('component:default/a', undefined);
    expect(await snapshot.update()).toEqual(['component:default/a']);
    expect(snapshot.statusOf('component:default/a')).toBeUndefined();
  });

  it('stays as it was when an update fails half-way', async () => {
    const { rows, snapshot, failWith } = setUp();
    rows.set('component:default/a', 'expected-signer');
    await snapshot.update();
    const { asOf } = snapshot;

    rows.set('component:default/a', 'no-signature');
    failWith(new Error('no answer'));
    await expect(snapshot.update()).rejects.toThrow('no answer');
    expect(snapshot.statusOf('component:default/a')).toBe('expected-signer');
    expect(snapshot.asOf).toBe(asOf);

    failWith(undefined);
    expect(await snapshot.update()).toEqual(['component:default/a']);
  });

  it('reads everything from time to time, and so notices rebuilt rows', async () => {
    const old = setUp();
    old.rows.set('component:default/gone', 'expected-signer');
    old.rows.set('component:default/a', 'expected-signer');
    await old.snapshot.update();

    const rebuilt = new StatusRows();
    rebuilt.set('component:default/a', 'no-signature');
    jest
      .spyOn(old.rows, 'read')
      .mockImplementation(query => rebuilt.read(query));

    const changed: string[] = [];
    for (let update = 0; update < 60; update++) {
      changed.push(...(await old.snapshot.update()));
    }
    expect(changed.sort()).toEqual([
      'component:default/a',
      'component:default/gone',
    ]);
    expect(old.snapshot.statusOf('component:default/a')).toBe('no-signature');
    expect(old.snapshot.statusOf('component:default/gone')).toBeUndefined();
  });
});
