import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { CollectedEvidence } from '@cloudythings/sigstore-engine';
import { Knex } from 'knex';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { Clock, componentRecord, declare } from '../__testUtils__/flow';
import { removeEntity } from '../discover/saveEntityRecord';
import { isPostgres } from './database';
import { declarationsOfReferences } from './declarations';
import { lockEntities, markEntityGone, saveEntity } from './entityStatuses';
import { CompressedEvidence, compressEvidence, saveEvidence } from './evidence';
import { saveVerifications } from './facts';
import { referenceId } from './identifiers';
import { assertLease, claimReference, lockReferences } from './lease';
import { markEntityDue } from './references';
import { saveRollUps } from './rollUps';
import { saveVerdicts } from './savedVerdicts';

jest.setTimeout(60_000);

const REF = 'component:default/a';

async function untilSomebodyWaits(knex: Knex): Promise<void> {
  for (;;) {
    const { rows } = await knex.raw(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (rows.length > 0) return;
  }
}

/**
 * Runs the second transaction while the first is open, and then the rest of the
 * first. SQLite has one connection; there the second waits to begin.
 */
async function interleave(
  knex: Knex,
  first: { begin: Step; end: Step },
  second: () => Promise<void>,
): Promise<void> {
  const tx = await knex.transaction();
  await first.begin(tx);
  const other = second();
  // Whatever it ends with is looked at below.
  other.catch(() => {});
  if (isPostgres(knex)) await untilSomebodyWaits(knex);
  await first.end(tx);
  await tx.commit();
  await other;
}

type Step = (tx: Knex.Transaction) => Promise<unknown>;

function signedBy(identity: string, number: number, artifact: string) {
  return {
    evidenceDigest: `sha256:e${number}`,
    artifactDigest: artifact,
    trustedRoot: 'own',
    profileDigest: 'sha256:p',
    engineRevision: 'engine-1',
    checks: [],
    facts: {
      signer: {
        trustedRoot: 'own',
        issuer: 'https://issuer.example',
        identity,
        identityType: 'uri',
      },
      times: [],
      logEntries: [],
      content: { type: 'in-toto', predicateType: 'type', statement: {} },
    },
  } as unknown as Verification;
}

describe.each(databaseIds)('transactions on %s do not wait in a circle', id => {
  const clock = new Clock();
  const numbers = Array.from({ length: 40 }, (_, i) => i);

  it('when the same evidence was found in another order', async () => {
    const knex = await openTestDatabase(id);
    const evidence = await compressEvidence(
      numbers.map(
        (number): CollectedEvidence => ({
          digest: `sha256:${number}`,
          mediaType: 'application/json',
          bytes: Buffer.from(`${number}`),
          source: 'somewhere',
          artifactDigest: 'sha256:a',
        }),
      ),
    );
    const save = (reference: string, found: CompressedEvidence[]) =>
      knex.transaction(tx =>
        saveEvidence(
          tx,
          { referenceId: reference, artifact: { digest: 'sha256:a' } },
          found,
          [],
          clock.now(),
        ),
      );
    await Promise.all([
      save('one', evidence),
      save('two', [...evidence].reverse()),
    ]);
    expect(await knex('evidence')).toHaveLength(40);
    expect(await knex('sightings')).toHaveLength(80);
  });

  it('when the same signers signed in another order', async () => {
    const knex = await openTestDatabase(id);
    const save = (artifact: string, signers: number[]) =>
      knex.transaction(tx =>
        saveVerifications(
          tx,
          numbers.map(number =>
            signedBy(`signer ${signers[number]}`, number, artifact),
          ),
          clock.now(),
        ),
      );
    await Promise.all([
      save('sha256:a', numbers),
      save('sha256:b', [...numbers].reverse()),
    ]);
    expect(await knex('signers')).toHaveLength(40);
    expect(await knex('facts')).toHaveLength(80);
  });

  const publish = {
    begin: (tx: Knex.Transaction) => lockEntities(tx, [REF]),
    end: (tx: Knex.Transaction) =>
      saveRollUps(
        tx,
        new Map([[REF, { status: 'no-signature', counts: {}, total: 1 }]]),
      ),
  };
  const record = componentRecord('a', []);

  it('when an entity leaves the catalog while its status changes', async () => {
    const knex = await openTestDatabase(id);
    await declare(knex, clock, record);
    await interleave(knex, publish, () =>
      knex.transaction(tx => markEntityGone(tx, REF, clock.now())),
    );
    const [entity] = await knex('entity_statuses');
    expect(entity.gone_at).not.toBeNull();
    expect(entity.status).toBe('not-covered');
    expect(Number(entity.changed_seq)).toBe(3);
  });

  it('when an entity comes back while its status changes', async () => {
    const knex = await openTestDatabase(id);
    await declare(knex, clock, record);
    await removeEntity(knex, REF, clock.now());
    await interleave(knex, publish, () =>
      knex.transaction(tx => saveEntity(tx, record, 'hash', clock.now())),
    );
    const [entity] = await knex('entity_statuses');
    expect(entity.gone_at).toBeNull();
    expect(Number(entity.changed_seq)).toBe(4);
  });

  it('when a reference is no longer declared while it is judged', async () => {
    const knex = await openTestDatabase(id);
    const reference = 'file:/plan.json';
    await declare(knex, clock, componentRecord('a', [reference]));
    const claim = await claimReference(knex, {
      now: clock.now(),
      leaseMs: 60_000,
      generation: 0,
    });
    const judge = async (tx: Knex.Transaction) => {
      const ids = [referenceId('terraform-plan', reference)];
      const [declaration] = await declarationsOfReferences(tx, ids);
      const verdict = { status: 'no-signature', findings: [] } as any;
      const decided = { declaration, verdict, inputHash: () => 'hash' };
      await saveVerdicts(tx, [decided], 1, clock.now());
    };
    await knex.transaction(judge);
    await interleave(
      knex,
      {
        begin: async tx => {
          await assertLease(tx, claim!, clock.now());
          await lockEntities(tx, [REF]);
        },
        end: judge,
      },
      () => removeEntity(knex, REF, clock.now()),
    );
    const [verdict] = await knex('verdicts');
    expect(verdict.superseded_at).not.toBeNull();
  });

  it('when somebody asks for a check while references are written', async () => {
    const knex = await openTestDatabase(id);
    const references = numbers.map(number => `file:/plan-${number}.json`);
    await declare(knex, clock, componentRecord('a', references));
    const ids: string[] = await knex('artifact_references')
      .orderBy('id')
      .pluck('id');
    // A row that was written lies behind the others, whatever its name.
    await knex('artifact_references')
      .where({ id: ids[0] })
      .update({ checked_at: clock.now() });
    let marked = 0;
    await interleave(
      knex,
      {
        begin: tx => lockReferences(tx, ids.slice(0, 1)),
        end: tx => lockReferences(tx, ids),
      },
      async () => {
        marked = await markEntityDue(knex, REF, clock.now());
      },
    );
    expect(marked).toBe(40);
  });
});
