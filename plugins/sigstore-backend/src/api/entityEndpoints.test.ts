import {
  ArtifactReport,
  EntityReport,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { openTestDatabase } from '../__testUtils__/databases';
import {
  WorldServer,
  startWorldServer,
  worldRecorded,
} from '../__testUtils__/demoWorld';
import { asUser, startPlugin } from '../__testUtils__/startPlugin';

jest.setTimeout(120_000);

const describeWorld = worldRecorded ? describe : describe.skip;

describeWorld('an artifact by digest', () => {
  let world: WorldServer;

  beforeAll(async () => {
    world = await startWorldServer();
  });

  afterAll(() => world?.stop());

  it('has nothing of the digest that the reference led to before', async () => {
    const knex = await openTestDatabase('SQLITE_3');
    const server = await startPlugin(world, { knex });
    const { body: checkout }: { body: EntityReport } = await asUser(
      server,
      '/entities/component/default/checkout',
    );
    const signed = checkout.artifacts.find(
      item => item.status === 'expected-signer',
    ) as ArtifactReport;
    const read = async (digest: string): Promise<ArtifactReport[]> =>
      (await asUser(server, `/artifacts/${digest}`)).body.reports;
    const before = await read(signed.digest!);
    expect(before).not.toEqual([]);
    expect(before).toContainEqual(
      expect.objectContaining({ id: signed.id, status: 'expected-signer' }),
    );

    // As it is between the end of the look-up and the next verdict.
    const digest = `sha256:${'5'.repeat(64)}`;
    await knex('artifact_references')
      .where({ reference: signed.reference })
      .update({ digest });
    const reports = await read(digest);
    expect(reports.map(({ id }) => id)).toContain(signed.id);
    for (const report of reports) {
      expect(report).toMatchObject({
        digest,
        status: 'pending',
        answers: { signatureFound: 'unknown', evidenceSound: 'not-asked' },
        findings: [{ code: 'not-checked-yet' }],
        notices: [],
        expected: [],
      });
      expect(report).not.toHaveProperty('signer');
      expect(report).not.toHaveProperty('signedAt');
      expect(report).not.toHaveProperty('lastKnown');
      expect(report).not.toHaveProperty('decidedAt');
    }
  });
});
