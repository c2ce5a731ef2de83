import { ResolvedArtifact } from '@cloudythings/sigstore-engine';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { Clock } from '../__testUtils__/flow';
import { readOtherDigests, saveResolution } from './artifacts';

jest.setTimeout(60_000);

describe.each(databaseIds)('artifacts on %s', id => {
  it('learn of further digests once, and keep them', async () => {
    const knex = await openTestDatabase(id);
    const now = new Clock().now();
    const save = (otherDigests?: string[]) =>
      saveResolution(
        knex,
        'reference',
        {
          digest: 'sha256:a',
          mediaType: 'application/json',
          size: 1,
          children: [],
          otherDigests,
        } as ResolvedArtifact,
        now,
      );
    const others = () => readOtherDigests(knex, 'sha256:a');
    await save();
    expect(await others()).toEqual([]);
    await save(['sha512:b']);
    expect(await others()).toEqual(['sha512:b']);
    await save(['sha512:c']);
    await save();
    expect(await others()).toEqual(['sha512:b']);
    expect(await readOtherDigests(knex, 'sha256:other')).toEqual([]);
  });
});
