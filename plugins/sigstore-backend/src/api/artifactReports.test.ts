import {
  ArtifactReport,
  ArtifactStatus,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { Clock, componentRecord, declare } from '../__testUtils__/flow';
import { declarationsOfEntities } from '../store/declarations';
import { saveVerdicts } from '../store/savedVerdicts';
import { readArtifactReports } from './artifactReports';

jest.setTimeout(60_000);

const REF = 'component:default/a';
const OLD = `sha256:${'1'.repeat(64)}`;
const NEW = `sha256:${'2'.repeat(64)}`;

describe.each(databaseIds)('reports on artifacts on %s', id => {
  const clock = new Clock();
  const plan = (number: number) => `file:/plans/${number}.json`;

  const declarePlans = (knex: Knex, count: number) =>
    declare(
      knex,
      clock,
      componentRecord(
        'a',
        Array.from({ length: count }, (_, number) => plan(number)),
      ),
    );

  /** Gives everything that is declared a verdict. */
  async function decide(knex: Knex, status: ArtifactStatus, digest?: string) {
    clock.advance(1000);
    const declarations = await declarationsOfEntities(knex, [REF]);
    const decided = declarations.map(declaration => ({
      declaration,
      verdict: {
        status,
        findings: [],
        notices: [],
        answers: {
          signatureFound: 'unknown' as const,
          evidenceSound: 'not-asked' as const,
          expectedSigner: 'not-asked' as const,
        },
        expected: [],
        policies: [],
      },
      digest,
      inputHash: () => '',
    }));
    await saveVerdicts(knex, decided, 1, clock.now());
    return clock.now().toISOString();
  }

  async function report(knex: Knex): Promise<ArtifactReport[]> {
    const declarations = await declarationsOfEntities(knex, [REF]);
    return readArtifactReports(knex, declarations, true);
  }

  const lastKnown = async (knex: Knex) => (await report(knex))[0].lastKnown;

  it('have the last answer about the digest that they are about', async () => {
    const knex = await openTestDatabase(id);
    await declarePlans(knex, 1);
    await decide(knex, 'expected-signer', OLD);
    expect(await lastKnown(knex)).toBeUndefined();

    await decide(knex, 'could-not-check', NEW);
    expect(await lastKnown(knex)).toBeUndefined();

    const at = await decide(knex, 'no-signature', NEW);
    await decide(knex, 'expected-signer', OLD);
    await decide(knex, 'stale', NEW);
    expect(await lastKnown(knex)).toEqual({ status: 'no-signature', at });
  });

  it('have the last answer of all while nobody says which digest it is', async () => {
    const knex = await openTestDatabase(id);
    await declarePlans(knex, 1);
    await decide(knex, 'no-signature', NEW);
    const at = await decide(knex, 'expected-signer', OLD);
    await decide(knex, 'could-not-check');
    expect(await lastKnown(knex)).toEqual({ status: 'expected-signer', at });
  });

  it('take as many queries for many artifacts as for one', async () => {
    const knex = await openTestDatabase(id);
    const queriesFor = async (count: number) => {
      await declarePlans(knex, count);
      await decide(knex, 'no-signature', OLD);
      await decide(knex, 'expected-signer', OLD);
      await decide(knex, 'could-not-check', OLD);
      let queries = 0;
      const counting = () => {
        queries += 1;
      };
      knex.on('query', counting);
      const reports = await report(knex);
      knex.off('query', counting);
      expect(reports.map(item => item.lastKnown?.status)).toEqual(
        Array(count).fill('expected-signer'),
      );
      return queries;
    };
    const one = await queriesFor(1);
    expect(one).toBeGreaterThan(0);
    expect(await queriesFor(20)).toBe(one);
  });

  it('have no answer from before the reference was removed for a while', async () => {
    const knex = await openTestDatabase(id);
    await declarePlans(knex, 1);
    await decide(knex, 'expected-signer', OLD);
    clock.advance(1000);
    await declarePlans(knex, 0);
    clock.advance(1000);
    await declarePlans(knex, 1);
    await decide(knex, 'could-not-check', OLD);
    expect(await lastKnown(knex)).toBeUndefined();
  });
});
