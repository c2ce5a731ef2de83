import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { ReferenceSource } from '@cloudythings/backstage-plugin-sigstore-node';
import { Knex } from 'knex';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { Clock } from '../__testUtils__/flow';
import { AccessRule } from '../access/AccessRule';
import { isPostgres } from '../store/database';
import { declarationsOfEntities } from '../store/declarations';
import { readDocuments, readEntities } from '../store/entityStatuses';
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
    referenceSources: ReferenceSource[] = [],
    accessRules: AccessRule[] = [],
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
    return discover({
      ...{ knex, catalog, auth, repositories, logger, now },
      ...{ referenceSources, accessRules },
    });
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

  it('keeps no more references of an entity than can be worked on', async () => {
    const knex = await openTestDatabase(id);
    const images = Array.from(
      { length: 33_000 },
      (_, number) => `ghcr.io/acme/a:${number}`,
    );
    const result = await run(knex, [component('a', images.join(' '))]);
    expect(result.changed).toBe(1);
    const { entity } = await read(knex, 'a');
    expect(entity).toMatchObject({ status: 'pending', total: 1001 });
    const unreadable = await knex('declarations').whereNotNull('problem');
    expect(unreadable).toEqual([
      expect.objectContaining({
        declared_by: IMAGES,
        reference: 'everything after the first 1000 references',
        problem: expect.stringContaining('33000'),
      }),
    ]);
    expect((await run(knex, [component('a')])).changed).toBe(1);
    expect((await read(knex, 'a')).references).toEqual([]);
  });

  it.each([
    ['a NUL', 'bad\u0000ref'],
    ['half a character', 'bad\ud800ref'],
  ])('keeps what differs only in %s as one', async (_, written) => {
    const knex = await openTestDatabase(id);
    const entity = component('a', `${written} bad\ufffdref`);
    expect((await run(knex, [entity])).changed).toBe(1);
    expect((await read(knex, 'a')).references).toEqual(['bad\ufffdref']);
  });

  it('has an unreadable text stay when a readable one is stored alike', async () => {
    const knex = await openTestDatabase(id);
    await run(knex, [component('a', 'file:/x\ufffd file:/x\u0000')]);
    const [only, ...others] = await knex('declarations');
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      reference: 'file:/x\ufffd',
      problem: expect.stringContaining('invisible'),
    });
  });

  it('says so when what an entity declares cannot be recorded', async () => {
    const knex = await openTestDatabase(id);
    const good = 'ghcr.io/acme/a:1';
    await run(knex, [component('a', good)]);
    await knex('entity_statuses').update({ status: 'expected-signer' });
    // The database refuses a second such reference of one entity.
    await knex.raw(
      "create unique index refusal on declarations (entity_ref) where reference like '%refused%'",
    );
    const refused = `${good} ghcr.io/refused/a:1 ghcr.io/refused/b:1`;
    for (const _ of [1, 2]) {
      const result = await run(knex, [
        component('a', refused),
        component('b', refused),
        component('c', good),
      ]);
      expect(result.read).toBe(3);
    }
    const notRecorded = await knex('declarations')
      .whereNotNull('problem')
      .orderBy('entity_ref');
    expect(notRecorded).toMatchObject([
      { entity_ref: 'component:default/a', gone_at: null },
      { entity_ref: 'component:default/b', gone_at: null },
    ]);
    const [{ reference }] = notRecorded;
    const a = await read(knex, 'a');
    expect(a.references.sort()).toEqual([good, reference].sort());
    expect(a.entity).toMatchObject({ status: 'pending', total: 2 });
    const b = await read(knex, 'b');
    expect(b.entity).toMatchObject({ status: 'pending', repository: 'acme/b' });
    expect((await read(knex, 'c')).references).toEqual([good]);

    // Also when what is declared is again what was recorded before.
    expect((await run(knex, [component('a', good)])).changed).toBe(1);
    expect((await read(knex, 'a')).references).toEqual([good]);
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

  it('keeps what policies may ask of an entity, and judges again when it changes', async () => {
    const knex = await openTestDatabase(id);
    const entity = (more: object) => {
      const one = component('a', 'ghcr.io/acme/a:1');
      return {
        ...one,
        metadata: {
          ...one.metadata,
          uid: 'changes',
          etag: 'changes',
          labels: { tier: 'one' },
          annotations: {
            ...one.metadata.annotations,
            'sigstore.dev/signature-status': 'computed',
            'example.com/data': 'x'.repeat(1025),
            'example.com/text': 'x'.repeat(1024),
          },
          ...more,
        },
        relations: [{ type: 'ownedBy', targetRef: 'group:default/team-a' }],
      };
    };
    await run(knex, [entity({})]);
    const ref = 'component:default/a';
    const document = (await readDocuments(knex, [ref])).get(ref) as any;
    const { annotations, ...metadata } = document.metadata;
    expect(metadata).toEqual({ name: 'a', labels: { tier: 'one' } });
    expect(Object.keys(annotations).sort()).toEqual([
      'backstage.io/managed-by-location',
      'backstage.io/source-location',
      'example.com/text',
      'sigstore.dev/images',
    ]);
    expect(document).toMatchObject({
      kind: 'Component',
      spec: { lifecycle: 'production' },
      relations: [{ type: 'ownedBy', targetRef: 'group:default/team-a' }],
    });

    const due = async () => {
      const [row] = await knex('artifact_references');
      return [row.next_check_at, row.next_judge_at];
    };
    await knex('artifact_references').update({ next_judge_at: null });
    const [checkAt] = await due();
    const noise = { uid: 'changed', etag: 'changed' };
    expect((await run(knex, [entity(noise)])).changed).toBe(0);
    expect(await due()).toEqual([checkAt, null]);
    await run(knex, [entity({ labels: { tier: 'two' } })]);
    expect(await due()).toEqual([checkAt, expect.anything()]);

    jest.mocked(logger.warn).mockClear();
    await run(knex, [entity({ description: 'x'.repeat(40_000) })]);
    expect((await readDocuments(knex, [ref])).get(ref)).toMatchObject({
      kind: 'Component',
      metadata: { name: 'a' },
      known: expect.arrayContaining(['metadata.name', 'spec.lifecycle']),
    });
    expect(logger.warn).toHaveBeenCalledWith(expect.stringContaining(ref));
  });

  it('reads APIs without their definitions', async () => {
    const knex = await openTestDatabase(id);
    const api = {
      ...component('a', 'ghcr.io/acme/a:1'),
      kind: 'API',
      spec: { type: 'openapi', definition: 'x'.repeat(40_000) },
    };
    expect(await run(knex, [api])).toMatchObject({ read: 1, changed: 1 });
    const documents = await readDocuments(knex, ['api:default/a']);
    expect(documents.get('api:default/a')).toMatchObject({
      spec: { type: 'openapi' },
    });
  });

  describe('with a source of references', () => {
    const MAPPED = 'acme.example/deploys';
    const mapped = (broken: boolean): ReferenceSource => ({
      id: 'acme',
      title: MAPPED,
      annotations: [MAPPED],
      references: ({ metadata }) => {
        if (broken) throw new Error('cannot read it');
        return [
          { kind: 'image', reference: metadata.annotations?.[MAPPED] ?? '' },
        ];
      },
    });
    const entity = (images: string, mappedTo: string): Entity => {
      const { metadata, ...rest } = component('a', images);
      const annotations = { ...metadata.annotations, [MAPPED]: mappedTo };
      return {
        ...rest,
        kind: 'System',
        metadata: { ...metadata, annotations },
      };
    };
    const declaredBy = async (knex: Knex) =>
      Object.fromEntries(
        (await declarationsOfEntities(knex, ['system:default/a'])).map(item => [
          item.reference,
          item.declaredBy,
        ]),
      );

    it('counts what several declare once, as ours', async () => {
      const knex = await openTestDatabase(id);
      const both = entity('ghcr.io/acme/a:1', 'oci://ghcr.io/acme/a:1');
      await run(knex, [both], {}, undefined, [mapped(false)]);
      expect(await declaredBy(knex)).toEqual({ 'ghcr.io/acme/a:1': IMAGES });
      const apart = entity('ghcr.io/acme/a:2', 'ghcr.io/acme/a:1');
      await run(knex, [apart], {}, undefined, [mapped(false)]);
      expect(await declaredBy(knex)).toEqual({
        'ghcr.io/acme/a:1': MAPPED,
        'ghcr.io/acme/a:2': IMAGES,
      });
    });

    it('keeps what a source said before while it fails, and says so', async () => {
      const knex = await openTestDatabase(id);
      const before = entity('ghcr.io/acme/a:1', 'ghcr.io/acme/b:1');
      await run(knex, [before], {}, undefined, [mapped(false)]);
      const after = entity('ghcr.io/acme/a:2', 'ghcr.io/acme/b:2');
      await run(knex, [after], {}, undefined, [mapped(true)]);
      expect(await declaredBy(knex)).toEqual({
        'ghcr.io/acme/a:2': IMAGES,
        'ghcr.io/acme/b:1': MAPPED,
        [`what the entity declares by ${MAPPED}`]: MAPPED,
      });
      await run(knex, [after], {}, undefined, [mapped(false)]);
      expect(await declaredBy(knex)).toEqual({
        'ghcr.io/acme/a:2': IMAGES,
        'ghcr.io/acme/b:2': MAPPED,
      });
    });
  });
});
