import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { Clock } from '../__testUtils__/flow';
import { readVerifications, saveVerifications } from './facts';
import { saveLookups } from './lookups';
import { readSigners } from './signerIndex';

jest.setTimeout(60_000);

const SCOPE = {
  trustedRoots: [{ name: 'own', digest: 'sha256:p', thresholds: {} }],
  engineRevision: 'engine-1',
};

function verification(
  identity: string,
  overrides: Partial<Verification> = {},
): Verification {
  return {
    evidenceDigest: 'sha256:e',
    artifactDigest: 'sha256:a',
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
        extensions: {},
      },
      certificate: {
        serialNumber: '1',
        issuerName: 'CN=ca',
        notBefore: '2026-11-20T12:00:00.000Z',
        notAfter: '2026-11-20T12:10:00.000Z',
        fingerprint: '00',
        pem: '',
      },
      times: [
        {
          time: '2026-11-20T12:01:00.000Z',
          source: 'timestamp-authority',
          authority: 'tsa',
        },
      ],
      logEntries: [
        { logId: 'l', logName: 'log', logIndex: '7', kind: 'hashedrekord' },
      ],
      content: { type: 'in-toto', predicateType: 'type\u0000', statement: {} },
    },
    ...overrides,
  };
}

describe.each(databaseIds)('facts on %s', id => {
  const clock = new Clock();

  it('are stored whatever characters the evidence holds', async () => {
    const knex = await openTestDatabase(id);
    const hostile = `https://evil.example/\u0000${'x'.repeat(100_000)}`;
    const item = verification(hostile);
    await knex.transaction(async tx => {
      await saveVerifications(tx, [item], clock.now());
      const cause = 'said \u0000';
      const askedAt = clock.now().toISOString();
      await saveLookups(
        tx,
        'subject',
        [{ source: 's', outcome: 'refused', cause, askedAt }],
        clock.now(),
      );
    });
    expect(await readVerifications(knex, ['sha256:e'], SCOPE)).toEqual([item]);
    const [signer] = await readSigners(knex, SCOPE, {}, undefined, 10);
    expect(signer.identity).toBe(hostile.replace('\u0000', '\ufffd'));
  });

  it('of another engine or trusted root count for nothing', async () => {
    const knex = await openTestDatabase(id);
    await knex.transaction(tx =>
      saveVerifications(
        tx,
        [
          verification('old', { engineRevision: 'engine-0' }),
          verification('other', { profileDigest: 'sha256:q' }),
          verification('renamed', { trustedRoot: 'public' }),
        ],
        clock.now(),
      ),
    );
    expect(await readVerifications(knex, ['sha256:e'], SCOPE)).toEqual([]);
    expect(await readSigners(knex, SCOPE, {}, undefined, 10)).toEqual([]);
    expect(await knex('facts')).toHaveLength(3);
  });
});
