import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { Clock, componentRecord, declare } from '../__testUtils__/flow';
import { compressEvidence, saveEvidence } from '../store/evidence';
import { saveVerifications } from '../store/facts';
import { referenceId } from '../store/identifiers';
import { enforceTrust } from '../store/trustGenerations';
import { listLogEntries, listSigners, readSigner } from './signers';
import { Visibility } from './visibility';

jest.setTimeout(60_000);

const ARTIFACT = 'sha256:artifact';

/** The verification of one signer's evidence. */
function signedBy(identity: string, artifactDigest: string): Verification {
  return {
    evidenceDigest: `sha256:${identity}`,
    artifactDigest,
    trustedRoot: 'own',
    profileDigest: 'sha256:p',
    engineRevision: 'engine-1',
    checks: [],
    findings: [],
    facts: {
      signer: {
        trustedRoot: 'own',
        issuer: 'https://issuer.example',
        identity,
        identityType: 'uri',
      },
      times: [],
      logEntries: [
        { logId: 'l', logName: 'log', logIndex: identity, kind: 'dsse' },
      ],
      content: { type: 'in-toto', predicateType: 'type', statement: {} },
    },
  } as unknown as Verification;
}

describe.each(databaseIds)('the signer index on %s', id => {
  const clock = new Clock();

  /** An entity finds evidence of a signer at its own place for an artifact. */
  async function find(knex: Knex, entity: string, signer: string, at: string) {
    const reference = `file:/${entity}.json`;
    await declare(knex, clock, componentRecord(entity, [reference]));
    const verification = signedBy(signer, at);
    const found = await compressEvidence([
      {
        digest: verification.evidenceDigest,
        mediaType: 'application/json',
        bytes: Buffer.from(signer),
        source: 'somewhere',
        artifactDigest: at,
      },
    ]);
    const target = {
      referenceId: referenceId('terraform-plan', reference),
      artifact: { digest: at },
    };
    await knex.transaction(async tx => {
      await saveEvidence(tx, target, found, [], clock.now());
      await saveVerifications(tx, [verification], clock.now());
    });
  }

  const seeing = (...names: string[]): Visibility => ({
    seesAll: false,
    filter: async refs =>
      new Set(
        [...refs].filter(ref => names.includes(ref.replace(/^.*\//, ''))),
      ),
  });

  it('shows what visible entities brought, also beside hidden evidence of the same artifact', async () => {
    const knex = await openTestDatabase(id);
    const trust = {
      digest: 'digest',
      policiesDigest: 'policies',
      policies: [],
      trustedRoots: [{ name: 'own', digest: 'sha256:p', thresholds: {} }],
      engineRevision: 'engine-1',
      documents: [],
      warnings: 0,
    };
    const by = { replica: 'test', now: clock.now(), compare: () => undefined };
    await enforceTrust(knex, trust, by);
    await find(knex, 'seen', 'ann', ARTIFACT);
    await find(knex, 'also-seen', 'ann', ARTIFACT);
    await find(knex, 'hidden', 'bob', ARTIFACT);
    // The same evidence for another artifact, which only a hidden entity has.
    await find(knex, 'hidden-too', 'ann', 'sha256:other');

    const query = { limit: 10 };
    const caller = seeing('seen', 'also-seen');
    const signers = await listSigners(knex, query, caller);
    expect(signers).toMatchObject([{ identity: 'ann', artifacts: 1 }]);
    const entries = await listLogEntries(knex, query, caller);
    expect(entries).toMatchObject([
      { digest: ARTIFACT, signer: { identity: 'ann' } },
    ]);
    const all = await listSigners(knex, query, {
      ...caller,
      seesAll: true,
    });
    expect(all.map(({ identity }) => identity).sort()).toEqual(['ann', 'bob']);
    const bob = all.find(({ identity }) => identity === 'bob')!;
    expect(await readSigner(knex, bob.id, caller)).toBeUndefined();
    expect(await readSigner(knex, bob.id, seeing('hidden'))).toMatchObject({
      signed: [{ digest: ARTIFACT, evidenceDigest: 'sha256:bob' }],
    });
    expect(await listSigners(knex, query, seeing())).toEqual([]);
    expect(await listSigners(knex, { limit: 1 }, caller)).toHaveLength(1);
  });
});
