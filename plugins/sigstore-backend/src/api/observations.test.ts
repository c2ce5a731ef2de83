import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { artifactReportSchema } from '@cloudythings/backstage-plugin-sigstore-common';
import { RunningAnswer } from '@cloudythings/backstage-plugin-sigstore-node';
import { Knex } from 'knex';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { Clock, componentRecord, declare } from '../__testUtils__/flow';
import { observeRunning } from '../discover/running/observeRunning';
import { saveResolution } from '../store/artifacts';
import { declarationsOfEntities } from '../store/declarations';
import { saveCheck } from '../store/references';
import { readArtifactReports } from './artifactReports';

jest.setTimeout(60_000);

const REF = 'component:default/a';
const MINUTE = 60_000;
const TAG = 'ghcr.io/acme/a:1';
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const INDEX = digest('1');
const CHILD = digest('2');
const OTHER = digest('3');

type Seen = Omit<RunningAnswer, 'question'>;

const complete = (place: string, ...references: string[]): Seen => ({
  place,
  outcome: 'complete',
  artifacts: references.map(reference => ({
    kind: 'image',
    reference,
    workload: `job in ${place}`,
  })),
});
const refused = (place: string): Seen => ({
  place,
  outcome: 'refused',
  cause: 'it answered 403',
  artifacts: [],
});

describe.each(databaseIds)('reports on what runs on %s', id => {
  const clock = new Clock();
  const now = () => clock.now().toISOString();

  /** An entity that declares a tag, which leads to an index with one child. */
  async function declared(): Promise<Knex> {
    const knex = await openTestDatabase(id);
    await declare(
      knex,
      clock,
      componentRecord('a', [], {
        declared: [
          { kind: 'image', reference: TAG, declaredBy: 'sigstore.dev/images' },
        ],
      }),
    );
    const [{ referenceId }] = await declarationsOfEntities(knex, [REF]);
    await knex.transaction(async tx => {
      await saveResolution(
        tx,
        referenceId,
        {
          ...{ digest: INDEX, mediaType: 'index', size: 1 },
          children: [{ digest: CHILD, mediaType: 'manifest', size: 1 }],
        },
        clock.now(),
      );
      await saveCheck(tx, referenceId, {
        ...{ digest: INDEX, findings: [], checkedAt: clock.now() },
      });
    });
    return knex;
  }

  async function observe(knex: Knex, ...seen: Seen[]): Promise<void> {
    clock.advance(MINUTE);
    const entity: Entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'a', annotations: { 'acme.example/job': 'a' } },
    };
    await observeRunning(
      {
        id: 'nomad',
        title: 'Nomad',
        annotations: ['acme.example/job'],
        questions: () => ['a'],
        observe: async () => seen.map(item => ({ question: 'a', ...item })),
      },
      {
        knex,
        now: clock.now,
        ...{
          catalog: catalogServiceMock({ entities: [entity] }) as CatalogService,
        },
        ...{ auth: mockServices.auth(), logger: mockServices.logger.mock() },
        ...{ graceMs: MINUTE / 2, retiredPlaces: [], accessRules: [] },
        answerWithinMs: MINUTE,
      },
      new AbortController().signal,
    );
  }

  const reports = async (knex: Knex) => {
    const declarations = await declarationsOfEntities(knex, [REF]);
    const found = await readArtifactReports(knex, declarations, true);
    found.forEach(report => artifactReportSchema.parse(report));
    return new Map(found.map(report => [report.reference, report]));
  };

  it('say who sees it, where, and since when', async () => {
    const knex = await declared();
    const image = `${TAG}@${CHILD}`;
    await observe(knex, complete('eu', image), complete('us', image));
    const first = now();
    await observe(knex, complete('eu', image), refused('us'));
    const report = (await reports(knex)).get(image)!;
    expect(report).toMatchObject({
      declared: false,
      running: true,
      required: true,
    });
    expect(report.observations).toEqual([
      {
        ...{ observer: 'Nomad', place: 'eu', workload: 'job in eu' },
        ...{ firstSeenAt: first, lastSeenAt: now() },
      },
      {
        ...{ observer: 'Nomad', place: 'us', workload: 'job in us' },
        ...{ firstSeenAt: first, lastSeenAt: first, silentSince: now() },
      },
    ]);
  });

  it.each([
    ['the digest the tag leads to', INDEX, TAG],
    ['a platform of it', CHILD, TAG],
    ['other bytes', OTHER, undefined],
  ])('say what is declared as %s', async (_, running, declaredAs) => {
    const knex = await declared();
    await observe(knex, complete('eu', `${TAG}@${running}`));
    const found = await reports(knex);
    expect(found.get(`${TAG}@${running}`)!.declaredAs).toBe(declaredAs);
    expect(found.get(TAG)).toMatchObject({
      declared: true,
      running: false,
      observations: [],
    });
    expect(found.get(TAG)!.declaredAs).toBeUndefined();
  });

  it('name the place that does not answer as what was asked', async () => {
    const knex = await declared();
    await observe(knex, complete('eu'));
    const good = now();
    await observe(knex, refused('eu'));
    const report = (await reports(knex)).get('what runs in Nomad eu')!;
    expect(report.lookups).toEqual([
      {
        ...{ source: 'Nomad eu', outcome: 'refused', cause: 'it answered 403' },
        ...{ askedAt: now(), lastGoodAt: good },
      },
    ]);
    expect(report.nextCheckAt).toBeUndefined();
  });
});
