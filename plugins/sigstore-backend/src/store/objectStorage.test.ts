import { StoredObject } from '@cloudythings/backstage-plugin-sigstore-common';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { readObjectStorage, saveObjectStorage } from './objectStorage';

jest.setTimeout(60_000);

const PLAN: StoredObject = {
  name: 's3://acme-plans/prod/plan.json',
  role: 'artifact',
  versionId: 'v1',
  versioning: 'on',
  retention: {
    state: 'set',
    mode: 'compliance',
    until: '2027-01-31T00:00:00.000Z',
  },
  legalHold: 'unknown',
};

describe.each(databaseIds)('how objects are kept, on %s', id => {
  it('is what was seen last, of the artifact that was read then', async () => {
    const knex = await openTestDatabase(id);
    const place = { referenceId: 'plan', digest: 'sha256:a' };
    const [first, second] = ['2026-11-22T14:00:00Z', '2026-11-22T15:00:00Z'];
    await saveObjectStorage(knex, place, [PLAN], new Date(first));
    const unlocked = { ...PLAN, retention: { state: 'none' } as const };
    await saveObjectStorage(knex, place, [PLAN, unlocked], new Date(second));
    expect(await readObjectStorage(knex, place)).toEqual({
      seenAt: '2026-11-22T15:00:00.000Z',
      objects: [PLAN, unlocked],
    });
    for (const other of [
      { ...place, digest: 'sha256:b' },
      { ...place, referenceId: 'another' },
    ]) {
      expect(await readObjectStorage(knex, other)).toBeUndefined();
    }
    await saveObjectStorage(knex, place, [], new Date(second));
    expect(await readObjectStorage(knex, place)).toBeUndefined();
  });
});
