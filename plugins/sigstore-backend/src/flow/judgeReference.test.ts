import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { Knex } from 'knex';
import { generateKeyPairSync } from 'node:crypto';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import {
  Clock,
  componentRecord,
  declare,
  replicaPorts,
} from '../__testUtils__/flow';
import {
  BelievingVerifier,
  StatingSource,
  policyText,
} from '../__testUtils__/statedEvidence';
import { discover } from '../discover/discover';
import { saveUnrecorded } from '../discover/saveEntityRecord';
import { EntityRecord } from '../store/entityStatuses';
import { FlowLoop } from './FlowLoop';
import { FlowPorts } from './ports';

jest.setTimeout(60_000);

const HOUR = 3_600_000;
const SLSA = 'https://slsa.dev/provenance/v1';

const newKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    type: 'spki',
    format: 'pem',
  }) as string;

describe.each(databaseIds)('what judging knows on %s', id => {
  const files = createMockDirectory();
  let knex: Knex;
  let clock: Clock;
  let source: StatingSource;
  let verifier: BelievingVerifier;
  let ports: FlowPorts;

  const plan = (name: string) => `file:${files.resolve(`${name}.json`)}`;
  const policies = files.resolve.bind(files, 'policies.yaml');

  beforeEach(async () => {
    knex = await openTestDatabase(id);
    clock = new Clock();
    source = new StatingSource();
    verifier = new BelievingVerifier();
    files.setContent({ 'plan.json': 'plan' });
  });

  const start = async (text: string) => {
    files.addContent({ 'policies.yaml': text });
    ports = {
      ...(await replicaPorts({
        knex,
        clock,
        source,
        fileRoot: files.path,
        policyFiles: [policies()],
      })),
      verifier,
    };
  };

  const change = async (text: string) => {
    files.addContent({ 'policies.yaml': text });
    await ports.trust.reload();
  };

  /** Works until nothing is due, which is soon. */
  const drain = async () => {
    const loop = new FlowLoop(ports, { concurrency: 1 });
    for (let done = 0; await loop.runOnce(); done++) {
      if (done > 20) throw new Error('The same work is done again and again');
    }
  };

  const declarePlans = (names: string[], more: Partial<EntityRecord> = {}) =>
    declare(knex, clock, componentRecord('a', names.map(plan), more));

  const checkAgain = async () => {
    clock.advance(2 * HOUR);
    await drain();
  };

  /** Status and deciding codes of a plan now. */
  const verdictOf = async (name = 'plan') => {
    const row = await knex('verdicts')
      .where({ reference: plan(name) })
      .whereNull('superseded_at')
      .first();
    const codes = JSON.parse(row.findings).map((one: any) => one.code);
    return [row.status, ...codes];
  };

  it('remembers evidence that held and is gone everywhere', async () => {
    await start(policyText('plans'));
    source.otherwise = [{ signer: 'release' }];
    await declarePlans(['plan']);
    await drain();
    expect(await verdictOf()).toEqual(['expected-signer']);

    source.otherwise = [];
    await checkAgain();
    expect(await verdictOf()).toEqual(['signature-lost', 'evidence-gone']);

    // Other trusted keys are another profile: what is gone is verified again.
    await change(policyText('plans', { keys: [newKey()] }));
    await drain();
    expect(await verdictOf()).toEqual(['signature-lost', 'evidence-gone']);
  });

  it('tells an authority that was withdrawn from one that was never known', async () => {
    await start(policyText('plans'));
    source.otherwise = [{ signer: 'release' }];
    await declarePlans(['plan']);
    await drain();
    const asked = source.asked.length;

    verifier.fault = { code: 'chain-untrusted' };
    await change(policyText('plans', { keys: [newKey()] }));
    await drain();
    expect((await verdictOf()).slice(0, 2)).toEqual([
      'unknown-authority',
      'authority-withdrawn',
    ]);
    expect(source.asked).toHaveLength(asked);

    // What only an earlier engine took for sound was never known.
    await knex('facts')
      .where({ sound: true })
      .update({ engine_revision: 'an earlier one' });
    await change(policyText('plans', { keys: [newKey()] }));
    await drain();
    expect(await verdictOf()).toEqual(['unknown-authority', 'chain-untrusted']);
  });

  it('keeps the last verdict until evidence was verified under new keys', async () => {
    await start(policyText('plans'));
    source.otherwise = [{ signer: 'release' }];
    await declarePlans(['plan']);
    await drain();

    await change(policyText('plans', { keys: [newKey()] }));
    const loop = new FlowLoop(ports, { concurrency: 1 });
    await loop.runOnce();
    expect(await verdictOf()).toEqual(['expected-signer']);
    expect(await knex('verdicts')).toHaveLength(1);
    expect(verifier.verified).toBe(1);
    await drain();
    expect(verifier.verified).toBe(2);
    expect(await knex('facts')).toHaveLength(2);
  });

  it('compares with what the line had before, in the order of declaring', async () => {
    files.addContent({ 'plan-1.0.json': '1.0', 'plan-1.1.json': '1.1' });
    await start(policyText('plans'));
    source.otherwise = [{ signer: 'release', predicateType: SLSA }];
    await declarePlans(['plan-1.0']);
    await drain();
    clock.advance(1000);
    source.otherwise = [];
    await declarePlans(['plan-1.1']);
    await drain();
    expect(await verdictOf('plan-1.1')).toEqual([
      'signature-lost',
      'weaker-than-before',
    ]);
  });

  it('takes nothing that stands side by side for a predecessor', async () => {
    files.addContent({ 'plan-1.0.json': '1.0', 'plan-1.1.json': '1.1' });
    await start(policyText('plans'));
    await declarePlans(['plan-1.0', 'plan-1.1']);
    // The one that is looked at first is signed, whichever it is.
    source.otherwise = [{ signer: 'release' }];
    const loop = new FlowLoop(ports, { concurrency: 1 });
    await loop.runOnce();
    clock.advance(1000);
    source.otherwise = [];
    await drain();
    const statuses = await knex('verdicts')
      .whereNull('superseded_at')
      .pluck('status');
    expect(statuses.sort()).toEqual(['expected-signer', 'no-signature']);
  });

  it('judges again by the age of the answers, without asking', async () => {
    await start(policyText('plans', { more: 'maxAge: 30m' }));
    source.otherwise = [{ signer: 'release' }];
    await declarePlans(['plan']);
    await drain();
    expect(await verdictOf()).toEqual(['expected-signer']);
    clock.advance(29 * 60_000);
    await drain();
    expect(await verdictOf()).toEqual(['expected-signer']);
    clock.advance(60_001);
    await drain();
    expect(await verdictOf()).toEqual(['stale', 'result-too-old']);
    expect(source.asked).toHaveLength(1);
  });

  it('knows where evidence is stored, and no place of a module', async () => {
    await start(policyText('plans', { more: 'evidence: [bundle-store]' }));
    source.otherwise = [{ signer: 'release' }];
    await declarePlans(['plan']);
    await drain();
    expect(await verdictOf()).toEqual(['expected-signer']);

    source.place = 'a module';
    await checkAgain();
    expect(await verdictOf()).toEqual([
      'evidence-incomplete',
      'evidence-elsewhere',
    ]);
  });

  it('asks the entity as it is now, without asking any source', async () => {
    await start(
      policyText('production', {
        artifact: ', entity: { spec.lifecycle: production }',
      }),
    );
    source.otherwise = [{ signer: 'release' }];
    const lifecycle = (value: string) => ({
      document: { kind: 'Component', spec: { lifecycle: value } },
    });
    await declarePlans(['plan'], lifecycle('experimental'));
    await drain();
    expect((await verdictOf())[0]).toBe('no-policy');
    await declarePlans(['plan'], lifecycle('production'));
    await drain();
    expect(await verdictOf()).toEqual(['expected-signer']);
    // Nothing is kept of it: what the policy would say is not known.
    await declarePlans(['plan'], { document: undefined });
    await drain();
    expect((await verdictOf())[0]).toBe('could-not-check');
    expect(source.asked).toHaveLength(1);
  });

  it('counts what was written before there was a form for judging', async () => {
    await start(policyText('plans'));
    source.otherwise = [{ signer: 'release' }];
    await declarePlans(['plan']);
    await drain();
    await knex('facts').update({ judging: null });
    await knex('verdicts').update({ line_id: null, signer_id: null });
    await change(
      policyText('other', { kind: 'pipeline' }) + policyText('plans'),
    );
    await drain();
    const [row, ...others] = await knex('verdicts');
    expect(others).toEqual([]);
    expect(row.status).toBe('expected-signer');
    expect([row.line_id, row.signer_id]).not.toContain(null);
  });

  it('lets no entity choose whose signatures it expects, unless a policy does', async () => {
    const signer =
      'https://github.com/{{ repository }}/.github/workflows/plan.yml@refs/heads/main';
    await start(policyText('plans', { signer }));
    source.otherwise = [
      { signer: signer.replace('{{ repository }}', 'mallory/evil') },
    ];
    const entity: Entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'a',
        annotations: {
          'backstage.io/managed-by-location':
            'url:https://github.com/acme/a/blob/main/catalog-info.yaml',
          'backstage.io/source-location':
            'url:https://github.com/mallory/evil/',
          'sigstore.dev/terraform-plans': plan('plan'),
        },
      },
    };
    await discover({
      knex,
      catalog: catalogServiceMock({ entities: [entity] }) as any,
      auth: mockServices.auth(),
      repositories: new Map(),
      referenceSources: [],
      accessRules: [],
      logger: ports.logger,
      now: clock.now,
    });
    await drain();
    expect((await verdictOf())[0]).toBe('unexpected-signer');

    const more = 'repositoryFrom: source-location';
    await change(policyText('plans', { signer, more }));
    await drain();
    expect(await verdictOf()).toEqual(['expected-signer']);
  });

  it('could not check what could not be recorded', async () => {
    await start(policyText('plans'));
    const record = componentRecord('a', [plan('plan')]);
    await saveUnrecorded(knex, record, clock.now());
    await drain();
    const [row] = await knex('verdicts');
    expect(row.status).toBe('could-not-check');
    expect(JSON.parse(row.findings)).toEqual([
      {
        code: 'source-unreachable',
        detail: expect.stringContaining('could not be recorded'),
      },
    ]);
  });
});
