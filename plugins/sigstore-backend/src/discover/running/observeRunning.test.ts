import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  RunningAnswer,
  RunningArtifactsSource,
} from '@cloudythings/backstage-plugin-sigstore-node';
import { Knex } from 'knex';
import { databaseIds, openTestDatabase } from '../../__testUtils__/databases';
import { Clock, componentRecord, declare } from '../../__testUtils__/flow';
import { AccessRule } from '../../access/AccessRule';
import { declarationsOfEntities } from '../../store/declarations';
import { readEntities } from '../../store/entityStatuses';
import { artifactId, referenceId } from '../../store/identifiers';
import { removeEntity } from '../saveEntityRecord';
import { observeRunning } from './observeRunning';

jest.setTimeout(60_000);

const REF = 'component:default/a';
const ID = 'backstage.io/kubernetes-id';
const MINUTE = 60_000;
const REPOSITORY = 'ghcr.io/acme/a';
const at = (digit: string) => `sha256:${digit.repeat(64)}`;
const image = (tag: string, digit: string) =>
  `${REPOSITORY}:${tag}@${at(digit)}`;

/** Sees what the test says, of each question at each place. */
class Observer implements RunningArtifactsSource {
  readonly id = 'observer';
  readonly title = 'Observer';
  readonly annotations = [ID];
  readonly asked: string[][] = [];
  sees: (question: string) => Omit<RunningAnswer, 'question'>[] = () => [];

  questions({ metadata }: Entity): string[] {
    return [metadata.annotations![ID]];
  }

  async observe(
    questions: string[],
    _: { signal: AbortSignal },
  ): Promise<RunningAnswer[]> {
    this.asked.push([...questions]);
    return questions.flatMap(question =>
      this.sees(question).map(answer => ({ question, ...answer })),
    );
  }
}

const complete = (place: string, ...references: string[]) => ({
  place,
  outcome: 'complete' as const,
  artifacts: references.map(reference => ({
    kind: 'image' as const,
    reference,
  })),
});
const silent = (place: string) => ({
  place,
  outcome: 'unreachable' as const,
  cause: 'connection refused',
  artifacts: [],
});

function component(id?: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'a', ...(id ? { annotations: { [ID]: id } } : {}) },
  };
}

describe.each(databaseIds)('observeRunning on %s', id => {
  let knex: Knex;
  let clock: Clock;
  let observer: Observer;
  let entities: Entity[];
  let catalog: Partial<CatalogService>;

  beforeEach(async () => {
    knex = await openTestDatabase(id);
    clock = new Clock();
    observer = new Observer();
    entities = [component('shop')];
    catalog = {};
    await declare(knex, clock, componentRecord('a', []));
  });

  const run = async (
    options: {
      retiredPlaces?: string[];
      accessRules?: AccessRule[];
      answerWithinMs?: number;
    } = {},
  ) => {
    clock.advance(MINUTE);
    const all = catalogServiceMock({ entities });
    return observeRunning(
      observer,
      {
        knex,
        catalog: {
          streamEntities: (query, credentials) =>
            all.streamEntities(query, credentials),
          ...catalog,
        } as Partial<CatalogService> as CatalogService,
        auth: mockServices.auth(),
        logger: mockServices.logger.mock(),
        graceMs: 2 * MINUTE,
        answerWithinMs: options.answerWithinMs ?? MINUTE,
        retiredPlaces: options.retiredPlaces ?? [],
        accessRules: options.accessRules ?? [],
        now: clock.now,
      },
      new AbortController().signal,
    );
  };
  const sees = (...answers: Omit<RunningAnswer, 'question'>[]) => {
    observer.sees = () => answers;
  };
  const rows = async () =>
    Object.fromEntries(
      (await declarationsOfEntities(knex, [REF])).map(item => [
        item.reference,
        [item.declared ? 'declared' : '', item.running ? 'running' : '']
          .filter(Boolean)
          .join(' and ')
          .concat(item.problem ? ` (${item.problem})` : ''),
      ]),
    );
  const declares = (...references: string[]) =>
    declare(
      knex,
      clock,
      componentRecord('a', [], {
        declared: references.map(reference => ({
          kind: 'image',
          reference,
          declaredBy: 'sigstore.dev/images',
        })),
      }),
    );

  it('lists what runs and is not declared, and counts it', async () => {
    sees(complete('cluster eu', image('1', 'a')));
    await run();
    expect(await rows()).toEqual({ [image('1', 'a')]: 'running' });
    const entity = (await readEntities(knex, [REF])).get(REF);
    expect(entity).toMatchObject({ status: 'pending', total: 1 });
  });

  it('asks for what runs with the credentials that the entity was granted', async () => {
    const running = image('1', 'a');
    const grants = [{ entityRef: REF, references: [REPOSITORY] }];
    const accessRules = [{ name: 'acme', grants }];
    const access = async () => {
      const [held] = await declarationsOfEntities(knex, [REF]);
      const due = await knex('artifact_references').whereNotNull(
        'next_check_at',
      );
      expect(due.map(row => row.id)).toEqual([held.referenceId]);
      return due[0].access;
    };
    sees(complete('cluster eu', running));
    await run({ accessRules });
    expect(await access()).toBe('acme');
    // The same when it is declared as well, and when it no longer is.
    const declared = [
      { kind: 'image' as const, reference: running, access: 'acme' },
    ].map(item => ({ ...item, declaredBy: 'sigstore.dev/images' }));
    const record = componentRecord('a', [], { accessRules });
    await declare(knex, clock, { ...record, declared });
    expect(await access()).toBe('acme');
    await declare(knex, clock, record);
    expect(await rows()).toEqual({ [running]: 'running' });
    expect(await access()).toBe('acme');
    // Taken away by what discovery reads, and given back by what is observed.
    await declare(knex, clock, componentRecord('a', [], { title: 'changed' }));
    expect(await access()).toBe('');
    sees(complete('cluster us', running), complete('cluster eu'));
    await run({ accessRules });
    expect(await access()).toBe('acme');
  });

  it('keeps a declared tag and a digest that runs apart', async () => {
    await declares(`${REPOSITORY}:1`);
    sees(complete('cluster eu', image('1', 'a')));
    await run();
    expect(await rows()).toEqual({
      [`${REPOSITORY}:1`]: 'declared',
      [image('1', 'a')]: 'running',
    });
  });

  it('keeps what runs when it is no longer declared, with its verdict', async () => {
    await declares(image('1', 'a'));
    sees(complete('cluster eu', image('1', 'a')));
    await run();
    expect(await rows()).toEqual({ [image('1', 'a')]: 'declared and running' });
    const [before] = await declarationsOfEntities(knex, [REF]);
    await knex('verdicts').insert({
      ...{ artifact_id: before.artifactId, entity_ref: REF, kind: 'image' },
      ...{ reference: before.reference, status: 'no-signature' },
      ...{ findings: '[]', detail: '{}', input_hash: '', generation: 1 },
      ...{ decided_at: clock.now(), confirmed_at: clock.now() },
    });

    clock.advance(MINUTE);
    await declares();
    expect(await rows()).toEqual({ [image('1', 'a')]: 'running' });
    const [after] = await declarationsOfEntities(knex, [REF]);
    expect(after.since).toBe(before.since);
    expect(await knex('verdicts').whereNull('superseded_at')).toHaveLength(1);
    // That it was declared, and until when, stays on record.
    expect(
      await knex('declarations')
        .where({ declared: true, running: true })
        .whereNotNull('gone_at'),
    ).toHaveLength(1);

    clock.advance(MINUTE);
    await declares(image('1', 'a'));
    expect(await rows()).toEqual({ [image('1', 'a')]: 'declared and running' });
    sees(complete('cluster eu'));
    await run();
    expect(await rows()).toEqual({ [image('1', 'a')]: 'declared' });
  });

  it('ends what a complete answer does not name, and keeps it on record', async () => {
    sees(
      complete('cluster eu', image('1', 'a')),
      complete('cluster us', image('1', 'a')),
    );
    await run();
    sees(complete('cluster eu', image('2', 'b')), silent('cluster us'));
    await run();
    expect(await rows()).toEqual({
      [image('1', 'a')]: 'running',
      [image('2', 'b')]: 'running',
    });
    sees(complete('cluster eu', image('2', 'b')), complete('cluster us'));
    await run();
    expect(await rows()).toEqual({ [image('2', 'b')]: 'running' });
    expect(
      await knex('running_observations')
        .whereNotNull('gone_at')
        .pluck('gone_because'),
    ).toEqual(['Observer no longer sees it', 'Observer no longer sees it']);
  });

  const failures: [string, string, () => void][] = [
    ['did not answer', 'connection refused', () => sees(silent('cluster eu'))],
    [
      'names it no more',
      'Observer no longer names it',
      () => sees(complete('cluster us')),
    ],
    [
      'fails',
      'Observer did not answer: Error: out of order',
      () => {
        observer.sees = () => {
          throw new Error('out of order');
        };
      },
    ],
  ];
  it.each(failures)(
    'keeps what it saw at a place that %s, and says so after a while',
    async (_, cause, fail) => {
      sees(complete('cluster eu', image('1', 'a')));
      await run();
      fail();
      await run();
      await run();
      expect(await rows()).toEqual({ [image('1', 'a')]: 'running' });
      await run();
      const unknown = 'what runs in Observer cluster eu';
      expect(await rows()).toEqual({
        [image('1', 'a')]: 'running',
        [unknown]: `running (${cause})`,
      });
      sees(complete('cluster eu'), complete('cluster us'));
      await run();
      expect(await rows()).toEqual({});
    },
  );

  it('takes a cause that only names another request for the same', async () => {
    const fails = (cause: string) => sees({ ...silent('cluster eu'), cause });
    const first = 'it answered 500: request 7f3a9c1e-04 failed at 1763812345';
    for (const cause of [
      first,
      'it answered 500: request 8e1b22d0-77 failed at 1763812645',
    ]) {
      fails(cause);
      await run();
    }
    expect(await knex('running_answers').pluck('cause')).toEqual([first]);
    expect(await knex('declarations').pluck('problem')).toEqual([first]);
    fails('it answered 503');
    await run();
    expect(await knex('running_answers')).toHaveLength(2);
  });

  it('says at once that a place never answered', async () => {
    sees(silent('cluster eu'));
    await run();
    expect(await rows()).toEqual({
      'what runs in Observer cluster eu': 'running (connection refused)',
    });
  });

  it('replaces a word for all places by the places', async () => {
    sees();
    await run();
    expect(await rows()).toEqual({
      'what runs according to Observer':
        'running (Observer names no place where it could run)',
    });
    sees(complete('cluster eu'));
    await run();
    expect(await rows()).toEqual({});
  });

  it('asks on what an entity no longer leads to, until nothing runs there', async () => {
    observer.sees = question => [
      complete('cluster eu', ...(question === 'shop' ? [image('1', 'a')] : [])),
    ];
    await run();
    entities = [component('other')];
    await run();
    entities = [component()];
    await run();
    expect(await rows()).toEqual({ [image('1', 'a')]: 'running' });
    expect(observer.asked.at(-1)).toContain('shop');

    observer.sees = () => [silent('cluster eu')];
    await run();
    expect(await rows()).toEqual({ [image('1', 'a')]: 'running' });
    observer.sees = () => [complete('cluster eu')];
    await run();
    expect(await rows()).toEqual({});
    await run();
    expect(observer.asked).toHaveLength(5);
  });

  it('asks on while the catalog does not answer', async () => {
    sees(complete('cluster eu', image('1', 'a')));
    await run();
    catalog = {
      streamEntities: () => {
        throw new Error('catalog down');
      },
    };
    sees(complete('cluster eu', image('2', 'b')));
    await run();
    expect(await rows()).toEqual({ [image('2', 'b')]: 'running' });
  });

  it('ends what was seen at a place that was retired', async () => {
    sees(complete('cluster eu', image('1', 'a')), complete('cluster us'));
    await run();
    sees(complete('cluster us'));
    await run({ retiredPlaces: ['observer/cluster eu'] });
    expect(await rows()).toEqual({});
  });

  it('ends what runs for an entity that leaves the catalog', async () => {
    sees(complete('cluster eu', image('1', 'a')));
    await run();
    await removeEntity(knex, REF, clock.now());
    entities = [];
    await run();
    expect(await rows()).toEqual({});
    expect(observer.asked).toHaveLength(1);
  });

  it.each([
    ['gives what it has', true, 'running'],
    [
      'gives nothing',
      false,
      'running (Observer did not answer: Error: it took too long)',
    ],
  ])(
    'saves what an observer that takes too long and %s has answered',
    async (_, heeds, row) => {
      observer.observe = ([question], { signal }) =>
        new Promise(resolve => {
          signal.addEventListener('abort', () => {
            const seen = complete('cluster eu', image('1', 'a'));
            if (heeds) resolve([{ question, ...seen }]);
          });
        });
      await run({ answerWithinMs: 50 });
      expect(Object.values(await rows())).toEqual([row]);
    },
  );

  it('brings back what a replica of the release before ended, and ends what it left', async () => {
    await declares(image('2', 'b'));
    sees(complete('cluster eu', image('1', 'a'), image('2', 'b')));
    await run();
    const before = await rows();
    // It takes all that an entity has for declared, and knows no observations.
    const rewrite = async (running: boolean) => {
      clock.advance(MINUTE);
      await knex('declarations')
        .whereNull('gone_at')
        .update({ gone_at: clock.now() });
      await knex('declarations').insert({
        ...{ artifact_id: artifactId(REF, 'image', image('2', 'b')) },
        ...{ entity_ref: REF, kind: 'image', reference: image('2', 'b') },
        reference_id: referenceId('image', image('2', 'b')),
        ...{ declared_by: 'sigstore.dev/images', running, since: clock.now() },
      });
    };
    await rewrite(false);
    await run();
    expect(await rows()).toEqual(before);

    sees(complete('cluster eu'));
    await run();
    await rewrite(true);
    await run();
    expect(await rows()).toEqual({ [image('2', 'b')]: 'declared' });
  });

  it('asks on what was asked for an entity that left the catalog and came back', async () => {
    observer.sees = question => [
      complete('cluster eu', ...(question === 'shop' ? [image('1', 'a')] : [])),
    ];
    await run();
    const [shop] = entities;
    await removeEntity(knex, REF, clock.now());
    entities = [];
    await run();
    clock.advance(MINUTE);
    await declare(knex, clock, componentRecord('a', []));
    entities = [component('other')];
    await run();
    expect(observer.asked.slice(1)).toEqual([['shop', 'other']]);
    expect(await rows()).toEqual({ [image('1', 'a')]: 'running' });
    entities = [shop];
    observer.sees = () => [complete('cluster eu')];
    await run();
    await run();
    expect(observer.asked.at(-1)).toEqual(['shop']);
  });

  it('could not check what is not known by a reference, and takes it for nothing else', async () => {
    await declares(`${REPOSITORY}:1`);
    sees({
      ...complete('cluster eu'),
      artifacts: [
        {
          kind: 'image',
          reference: `${REPOSITORY}:1`,
          problem: 'its digest is not known',
        },
        { kind: 'image', reference: 'not a reference' },
      ],
    });
    await run();
    expect(await rows()).toEqual({
      [`${REPOSITORY}:1`]: 'declared',
      [`${REPOSITORY}:1 as it runs`]: 'running (its digest is not known)',
      'not a reference':
        'running (the reference has a space or an invisible character in it)',
    });
  });
});
