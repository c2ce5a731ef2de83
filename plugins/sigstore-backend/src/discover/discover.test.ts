import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { Knex } from 'knex';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { Clock } from '../__testUtils__/flow';
import { isPostgres } from '../store/database';
import { declarationsOfEntities } from '../store/declarations';
import { readEntities } from '../store/entityStatuses';
import { discover } from './discover';

jest.setTimeout(60_000);

const IMAGES = 'sigstore.dev/images';

function component(name: string, images?: string, more: object = {}): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      annotations: {
        'backstage.io/managed-by-location': `url:https://github.com/acme/${name}/blob/main/catalog-info.yaml`,
        'backstage.io/source-location': 'url:https://github.com/mallory/evil/',
        ...(images ? { [IMAGES]: images } : {}),
      },
    },
    spec: { owner: 'team-a', system: 'shop', lifecycle: 'production' },
    ...more,
  };
}

describe.each(databaseIds)('discover on %s', id => {
  const clock = new Clock();
  const logger = mockServices.logger.mock();

  const run = (
    knex: Knex,
    entities: Entity[],
    overrides: Partial<CatalogService> = {},
    repositories = new Map<string, string>(),
  ) => {
    clock.advance(1000);
    const all = catalogServiceMock({ entities });
    const catalog = {
      streamEntities: all.streamEntities.bind(all),
      getEntitiesByRefs: all.getEntitiesByRefs.bind(all),
      ...overrides,
    } as Partial<CatalogService> as CatalogService;
    const auth = mockServices.auth();
    const { now } = clock;
    return discover({ knex, catalog, auth, repositories, logger, now });
  };

  const read = async (knex: Knex, name: string) => {
    const ref = `component:default/${name}`;
    const entity = (await readEntities(knex, [ref])).get(ref);
    const declarations = await declarationsOfEntities(knex, [ref]);
    return { entity, references: declarations.map(item => item.reference) };
  };

  it('reads what entities declare, and says pending until it is checked', async () => {
    const knex = await openTestDatabase(id);
    const related = {
      relations: [
        { type: 'dependsOn', targetRef: 'resource:default/network' },
        { type: 'ownedBy', targetRef: 'group:default/team-b' },
      ],
    };
    const result = await run(knex, [
      component('a', 'ghcr.io/acme/a:1, ghcr.io/acme/b', related),
      component('b'),
    ]);
    expect(result).toEqual({ read: 2, changed: 2, gone: 0 });
    const { entity, references } = await read(knex, 'a');
    expect(references.sort()).toEqual([
      'ghcr.io/acme/a:1',
      'ghcr.io/acme/b:latest',
    ]);
    expect(entity).toMatchObject({
      status: 'pending',
      counts: { pending: 2 },
      owner: 'group:default/team-b',
      system: 'system:default/shop',
      lifecycle: 'production',
      repository: 'acme/a',
      dependencies: ['resource:default/network'],
    });
    const other = await read(knex, 'b');
    expect(other.entity).toMatchObject({
      status: 'not-covered',
      owner: 'group:default/team-a',
    });
  });

  it('takes the repository from an administrator before the location', async () => {
    const knex = await openTestDatabase(id);
    const mapping = new Map([['component:default/a', 'acme/monorepo']]);
    await run(knex, [component('a')], {}, mapping);
    const { entity } = await read(knex, 'a');
    expect(entity?.repository).toBe('acme/monorepo');
  });

  it('writes only what changed, and keeps what was removed on record', async () => {
    const knex = await openTestDatabase(id);
    await run(knex, [component('a', 'ghcr.io/acme/a:1'), component('b')]);
    const same = await run(knex, [
      component('a', 'ghcr.io/acme/a:1'),
      component('b'),
    ]);
    expect(same.changed).toBe(0);
    const removed = await run(knex, [component('a'), component('b')]);
    expect(removed.changed).toBe(1);
    expect((await read(knex, 'a')).references).toEqual([]);
    expect((await read(knex, 'a')).entity?.status).toBe('not-covered');
    const [declaration] = await knex('declarations');
    expect(declaration.gone_at).not.toBeNull();
    const [reference] = await knex('artifact_references');
    expect(reference.next_check_at).toBeNull();

    await run(knex, [component('a', 'ghcr.io/acme/a:1'), component('b')]);
    expect((await read(knex, 'a')).references).toEqual(['ghcr.io/acme/a:1']);
    expect(await knex('declarations')).toHaveLength(2);
    const [again] = await knex('artifact_references');
    expect(again.next_check_at).not.toBeNull();
  });

  it('marks as gone only what the catalog confirms after a complete run', async () => {
    const knex = await openTestDatabase(id);
    const entities = [component('a', 'ghcr.io/acme/a:1'), component('b')];
    await run(knex, entities);

    const broken = {
      async *streamEntities() {
        yield [entities[1]];
        throw new Error('the catalog went away');
      },
    };
    await expect(run(knex, entities, broken)).rejects.toThrow('went away');
    expect((await read(knex, 'a')).entity).toBeDefined();
    const [asked] = await knex('lookups').whereNull('superseded_at');
    expect(asked).toMatchObject({ subject: 'catalog', outcome: 'unreachable' });

    const skipping = {
      async *streamEntities() {
        yield [entities[1]];
      },
    };
    expect((await run(knex, entities, skipping)).gone).toBe(0);
    expect((await read(knex, 'a')).entity).toBeDefined();

    expect((await run(knex, [entities[1]])).gone).toBe(1);
    expect((await read(knex, 'a')).entity).toBeUndefined();
    expect((await read(knex, 'a')).references).toEqual([]);

    await run(knex, entities);
    expect((await read(knex, 'a')).entity?.status).toBe('pending');
  });

  it('goes on when one entity that is gone cannot be written', async () => {
    const knex = await openTestDatabase(id);
    await run(knex, [component('a'), component('b'), component('c')]);
    const condition = "entity_ref = 'component:default/a'";
    await knex.raw(
      isPostgres(knex)
        ? `alter table entity_statuses add constraint stuck check (gone_at is null or not ${condition})`
        : `create trigger stuck before update on entity_statuses when new.${condition} begin select raise(abort, 'stuck'); end`,
    );
    expect((await run(knex, [component('c')])).gone).toBe(1);
    expect((await read(knex, 'a')).entity).toBeDefined();
    expect((await read(knex, 'b')).entity).toBeUndefined();
    expect(logger.error).toHaveBeenCalledWith(
      expect.stringContaining('component:default/a'),
    );

    await knex.raw(
      isPostgres(knex)
        ? 'alter table entity_statuses drop constraint stuck'
        : 'drop trigger stuck',
    );
    expect((await run(knex, [component('c')])).gone).toBe(1);
    expect((await read(knex, 'a')).entity).toBeUndefined();
  });

  it('reads entities of any kind that declare something', async () => {
    const knex = await openTestDatabase(id);
    const group = { ...component('team', 'ghcr.io/acme/a:1'), kind: 'Group' };
    const silent = { ...component('quiet'), kind: 'Group' };
    expect((await run(knex, [group, silent])).read).toBe(1);
    const withoutImages = { ...component('team'), kind: 'Group' };
    expect((await run(knex, [withoutImages, silent])).gone).toBe(1);
  });
});
