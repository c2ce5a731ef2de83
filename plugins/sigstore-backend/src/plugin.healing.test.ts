import {
  TestBackend,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  ENGINE_REVISION,
  OutboundClient,
  builtInSources,
  verifyEvidence,
} from '@cloudythings/sigstore-engine';
import { S3Buckets } from '@cloudythings/sigstore-engine/s3';
import { Knex } from 'knex';
import {
  CountingProxy,
  startCountingProxy,
} from './__testUtils__/countingProxy';
import { databaseIds, openTestDatabase } from './__testUtils__/databases';
import {
  WorldServer,
  startWorldServer,
  worldConfig,
  worldEntities,
  worldExpectations,
  worldRecorded,
} from './__testUtils__/demoWorld';
import { untilChecked } from './__testUtils__/startPlugin';
import { AccessClients } from './access/AccessClients';
import { readSigstoreConfig } from './config';
import { discover } from './discover/discover';
import { FlowLoop } from './flow/FlowLoop';
import { sigstorePlugin } from './plugin';
import { TrustKeeper } from './trust/TrustKeeper';
import { loadTrustSet } from './trust/loadTrustSet';

jest.setTimeout(180_000);

const OLD_REVISION = 'engine-0+verify-0.0.1';

const PLAN = 'https://plans.acme.example/prod/checkout/plan.json';
const WORKER = 'registry.acme.example/acme/checkout-worker:1.4.2';
const JANE = 'jane@acme.example';
const RELEASE =
  'https://github.com/acme/checkout/.github/workflows/release.yml@refs/heads/main';

const describeWorld = worldRecorded ? describe : describe.skip;

/** An engine that finds fault with what is sound: red that should be green. */
function refuses(verification: Verification): Verification {
  const finding = { code: 'signature-invalid' } as const;
  return {
    ...verification,
    facts: undefined,
    checks: [{ name: 'signature', outcome: 'failed', finding }],
    findings: [finding],
  };
}

/** An engine that mistakes one signer for another: green that should be red. */
function mistakes(verification: Verification): Verification {
  const { facts } = verification;
  if (facts?.signer.identity !== JANE) return verification;
  return {
    ...verification,
    facts: {
      ...facts,
      signer: {
        ...facts.signer,
        issuer: 'https://token.actions.githubusercontent.com',
        identity: RELEASE,
        identityType: 'uri',
      },
    },
  };
}

describeWorld.each(databaseIds)('a new engine revision on %s', id => {
  let world: WorldServer;
  let proxy: CountingProxy;
  let knex: Knex;
  let backend: TestBackend | undefined;

  beforeEach(async () => {
    world = await startWorldServer();
    proxy = await startCountingProxy(world.url);
    knex = await openTestDatabase(id);
  });

  afterEach(async () => {
    await backend?.stop();
    backend = undefined;
    await proxy?.stop();
    await world?.stop();
  });

  const data = () => worldConfig({ ...world, url: proxy.url });
  const entities = worldRecorded ? worldEntities() : [];

  /** Runs the whole flow with an engine of old, which has a mistake in it. */
  async function indexWithOldEngine(
    mistake: (verification: Verification) => Verification,
  ) {
    const config = readSigstoreConfig(
      mockServices.rootConfig({ data: data() }),
    );
    const outbound = OutboundClient.create({ hosts: config.hosts });
    const logger = mockServices.logger.mock();
    const now = () => new Date();
    const load = async () => {
      const set = await loadTrustSet(config, async () => ({}), now());
      const { record } = set;
      const engineRevision = OLD_REVISION;
      return { ...set, record: { ...record, engineRevision, digest: 'old' } };
    };
    const { repositories, schedule, fileRoots } = config;
    await discover({
      knex,
      catalog: catalogServiceMock({ entities }),
      auth: mockServices.auth(),
      repositories,
      referenceSources: [],
      accessRules: [],
      logger,
      now,
    });
    const trust = { knex, load, replica: 'old', logger, now };
    const loop = new FlowLoop(
      {
        knex,
        trust: await TrustKeeper.create(trust),
        clients: new AccessClients(outbound, [], now),
        buckets: S3Buckets.create([]),
        fileRoots,
        sources: builtInSources,
        verifier: {
          verify: async (...piece) =>
            mistake({
              ...verifyEvidence(...piece),
              engineRevision: OLD_REVISION,
            }),
        },
        schedule,
        logger,
        now,
        random: Math.random,
      },
      { concurrency: 1 },
    );
    while (await loop.runOnce());
    await outbound.close();
  }

  async function startPlugin() {
    backend = await startTestBackend({
      features: [
        sigstorePlugin,
        catalogServiceMock.factory({ entities }),
        mockServices.rootConfig.factory({ data: data() }),
        mockServices.database.factory({ knex }),
      ],
    });
    await untilChecked(backend.server);
  }

  const verdicts = (reference: string): Promise<string[]> =>
    knex('verdicts')
      .where({ reference, entity_ref: 'component:default/checkout' })
      .orderBy('id')
      .pluck('status');
  const facts = (revision: string): Promise<object[]> =>
    knex('facts')
      .where({ engine_revision: revision })
      .orderBy([
        'evidence_digest',
        'artifact_digest',
        'trusted_root',
        'profile_digest',
      ]);

  it.each([
    ['red', refuses, PLAN, 'evidence-mismatch', 'expected-signer'],
    ['green', mistakes, WORKER, 'expected-signer', 'unexpected-signer'],
  ] as const)(
    'heals a false %s in the background, from what is stored',
    async (_, mistake, reference, wrong, right) => {
      await indexWithOldEngine(mistake);
      expect(await verdicts(reference)).toEqual([wrong]);
      const oldFacts = await facts(OLD_REVISION);
      expect(oldFacts).not.toEqual([]);
      const asked = proxy.requests();
      expect(asked).toBeGreaterThan(0);

      await startPlugin();
      expect(await verdicts(reference)).toEqual([wrong, right]);
      expect(proxy.requests() - asked).toBe(0);
      expect(await facts(OLD_REVISION)).toEqual(oldFacts);
      expect(await facts(ENGINE_REVISION)).toHaveLength(oldFacts.length);

      // Nothing else is what the old engine said, either.
      const current = await knex('verdicts').whereNull('superseded_at');
      const statuses = new Map(
        current.map(row => [`${row.entity_ref} ${row.reference}`, row.status]),
      );
      for (const row of worldExpectations()) {
        const key = `${row.entity} ${row.reference}`;
        expect([key, statuses.get(key)]).toEqual([key, row.status]);
      }
    },
  );
});
