import { ARTIFACT_STATUSES } from '@cloudythings/backstage-plugin-sigstore-common';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { Clock, componentRecord } from '../__testUtils__/flow';
import { markEntityGone, saveEntity } from './entityStatuses';
import { saveRollUps } from './rollUps';
import { StatusChange, readStatusChanges } from './statusChanges';

jest.setTimeout(60_000);

describe.each(databaseIds)('status changes on %s', id => {
  const clock = new Clock();
  const names = Array.from({ length: 8 }, (_, i) => `service-${i}`);

  async function openWithEntities() {
    const knex = await openTestDatabase(id);
    for (const name of names) {
      await knex.transaction(tx =>
        saveEntity(tx, componentRecord(name, []), 'hash', clock.now()),
      );
    }
    return knex;
  }

  it('are seen once each by a reader, however many write at the same time', async () => {
    const knex = await openWithEntities();
    const rounds = ARTIFACT_STATUSES.slice(0, 6);
    let writing = true;
    const seen = new Map<string, StatusChange['status']>();
    const read = async () => {
      let after = 0;
      for (;;) {
        const last = !writing;
        const page = await readStatusChanges(knex, after, 3);
        page.items.forEach(item => seen.set(item.entityRef, item.status));
        after = page.last;
        if (last && !page.more) return;
      }
    };
    const write = async (name: string) => {
      for (const status of rounds) {
        const rollUp = { status, counts: {}, total: 1 };
        await knex.transaction(tx =>
          saveRollUps(tx, new Map([[`component:default/${name}`, rollUp]])),
        );
      }
    };
    const reader = read();
    await Promise.all(names.map(write));
    writing = false;
    await reader;
    expect(seen.size).toBe(names.length);
    expect(new Set(seen.values())).toEqual(new Set([rounds[5]]));
  });

  it('name what is gone without a status, and pages say whether there is more', async () => {
    const knex = await openWithEntities();
    const ref = 'component:default/service-3';
    const before = await readStatusChanges(knex, 0, 5);
    expect(before).toMatchObject({ more: true, last: 5 });
    await knex.transaction(tx => markEntityGone(tx, ref, clock.now()));
    const after = await readStatusChanges(knex, 8, 5);
    expect(after).toEqual({
      items: [{ entityRef: ref }],
      last: 9,
      more: false,
    });
  });

  it('are not announced when the status stays the same', async () => {
    const knex = await openWithEntities();
    const rollUp = { status: 'not-covered' as const, counts: {}, total: 0 };
    await knex.transaction(tx =>
      saveRollUps(tx, new Map([['component:default/service-0', rollUp]])),
    );
    expect((await readStatusChanges(knex, 8, 5)).items).toEqual([]);
  });

  it('start over for a reader who is ahead of a restored database', async () => {
    const knex = await openWithEntities();
    const { items } = await readStatusChanges(knex, 4711, 100);
    expect(items).toHaveLength(names.length);
  });
});
