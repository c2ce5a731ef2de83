import { DeclaredReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { Clock, componentRecord, declare } from '../__testUtils__/flow';
import { isPostgres } from '../store/database';
import { declarationsOfEntities } from '../store/declarations';
import { lockEntities } from '../store/entityStatuses';
import { saveEntityRunning } from './running/saveEntityRunning';
import { removeEntity } from './saveEntityRecord';

jest.setTimeout(60_000);

const REF = 'component:default/a';
const IMAGE = `ghcr.io/acme/a:1@sha256:${'a'.repeat(64)}`;

async function untilWaiting(knex: Knex, count: number): Promise<void> {
  for (;;) {
    const { rows } = await knex.raw(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (rows.length >= count) return;
  }
}

/**
 * Begins all while the entity's row is held, one after the other, so that each
 * has read and written what it can before the next. SQLite has one connection;
 * there one waits for the other to end.
 */
async function atOnce(
  knex: Knex,
  writers: (() => Promise<void>)[],
): Promise<void> {
  const tx = await knex.transaction();
  await lockEntities(tx, [REF]);
  const all: Promise<void>[] = [];
  for (const write of writers) {
    all.push(write());
    if (isPostgres(knex)) await untilWaiting(knex, all.length);
  }
  await tx.commit();
  await Promise.all(all);
}

describe.each(databaseIds)('writers of one entity at once on %s', id => {
  let knex: Knex;
  const clock = new Clock();

  const declares = (...references: string[]) => {
    const declared = references.map(
      (reference): DeclaredReference => ({
        ...{ kind: 'image', reference, declaredBy: 'sigstore.dev/images' },
      }),
    );
    return declare(knex, clock, componentRecord('a', [], { declared }));
  };
  const observes = async (isSeen: boolean) => {
    const ids = await knex('running_observations')
      .whereNull('gone_at')
      .pluck('id');
    const common = { entityRef: REF, observer: 'observer', questionId: 'q' };
    const seen = { ...common, place: 'cluster eu', reference: IMAGE };
    const observations = {
      begun: isSeen ? [{ ...seen, kind: 'image' as const }] : [],
      ended: isSeen ? [] : ids.map(one => ({ id: one, because: 'it ended' })),
      described: [],
    };
    return saveEntityRunning(
      knex,
      { entityRef: REF, observations, endedQuestions: [] },
      { titleOf: observer => observer, accessRules: [] },
      clock.now(),
    );
  };
  const none = async () => {};

  it.each([
    {
      name: 'drops what begins to run',
      before: () => declares(IMAGE),
      discovery: () => declares(),
      seen: true,
      after: [{ declared: false, running: true }],
    },
    {
      name: 'declares what ends to run',
      before: () => observes(true),
      discovery: () => declares(IMAGE),
      seen: false,
      after: [{ declared: true, running: false }],
    },
    {
      name: 'declares what begins to run',
      before: none,
      discovery: () => declares(IMAGE),
      seen: true,
      after: [{ declared: true, running: true }],
    },
    {
      name: 'leaves while something begins to run',
      before: none,
      discovery: () => removeEntity(knex, REF, clock.now()),
      seen: true,
      after: [],
    },
  ])(
    'both count, when an entity $name',
    async ({ before, discovery, seen, after }) => {
      for (const isObserverFirst of [true, false]) {
        knex = await openTestDatabase(id);
        await declares();
        clock.advance(1000);
        await before();
        clock.advance(1000);
        const observer = () => observes(seen);
        const writers = [observer, discovery];
        await atOnce(knex, isObserverFirst ? writers : writers.reverse());
        const rows = await declarationsOfEntities(knex, [REF]);
        expect(
          rows.map(({ declared, running }) => ({ declared, running })),
        ).toEqual(after);
      }
    },
  );
});
