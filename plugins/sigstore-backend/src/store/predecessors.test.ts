import { createMockDirectory } from '@backstage/backend-test-utils';
import { Finding } from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import {
  Clock,
  componentRecord,
  declare,
  replicaPorts,
} from '../__testUtils__/flow';
import {
  BelievingVerifier,
  ISSUER,
  StatingSource,
  policyText,
} from '../__testUtils__/statedEvidence';
import { FlowLoop } from '../flow/FlowLoop';
import { FlowPorts } from '../flow/ports';

jest.setTimeout(60_000);

const DISTRUST = `---
apiVersion: cloudythings.io/v1alpha1
kind: Distrust
metadata: { name: stolen }
spec:
  reason: stolen
  distrusted: [{ identity: { issuer: '${ISSUER}', subject: release } }]
`;
const LOST = ['signature-lost', 'weaker-than-before'];

describe.each(databaseIds)('predecessors on %s', id => {
  const files = createMockDirectory();
  let knex: Knex;
  let clock: Clock;
  let source: StatingSource;
  let verifier: BelievingVerifier;
  let ports: FlowPorts;

  const plan = (name: string) => `file:${files.resolve(name)}`;

  const declarePlans = async (...names: string[]) => {
    clock.advance(1000);
    await declare(knex, clock, componentRecord('a', names.map(plan)));
  };

  const drain = async () => {
    const loop = new FlowLoop(ports, { concurrency: 1 });
    for (let done = 0; await loop.runOnce(); done++) {
      if (done > 20) throw new Error('The same work is done again and again');
    }
  };

  const change = async (text: string) => {
    clock.advance(1000);
    files.addContent({ 'policies.yaml': text });
    await ports.trust.reload();
  };

  /** Another engine takes over, and finds this fault with what there is. */
  const changeEngine = async (fault?: Finding) => {
    for (const table of ['facts', 'trust_generations']) {
      await knex(table).update({ engine_revision: 'an earlier one' });
    }
    verifier.fault = fault;
    await change(policyText('other') + policyText('plans'));
  };

  const verdictOf = async (name: string) => {
    const row = await knex('verdicts')
      .where({ reference: plan(name) })
      .whereNull('superseded_at')
      .first();
    const codes = JSON.parse(row.findings).map((one: any) => one.code);
    return [row.status, ...codes];
  };

  const judgeUnsigned = async () => {
    source.otherwise = [];
    verifier.fault = undefined;
    await declarePlans('plan-1.1.json');
    await drain();
    return verdictOf('plan-1.1.json');
  };

  beforeEach(async () => {
    knex = await openTestDatabase(id);
    clock = new Clock();
    source = new StatingSource();
    verifier = new BelievingVerifier();
    files.setContent({
      'plan-1.0.json': '1.0',
      'plan-1.1.json': '1.1',
      'policies.yaml': policyText('plans'),
    });
    ports = {
      ...(await replicaPorts({
        knex,
        clock,
        source,
        fileRoot: files.path,
        policyFiles: [files.resolve('policies.yaml')],
      })),
      verifier,
    };
    source.otherwise = [{ signer: 'release' }];
    await declarePlans('plan-1.0.json');
    await drain();
  });

  it('remembers what an allowed signer made', async () => {
    expect(await verdictOf('plan-1.0.json')).toEqual(['expected-signer']);
    expect(await judgeUnsigned()).toEqual(LOST);
  });

  it('forgets a false green that another engine healed', async () => {
    await changeEngine({ code: 'chain-untrusted' });
    await drain();
    expect((await verdictOf('plan-1.0.json'))[0]).toBe('unknown-authority');
    expect((await judgeUnsigned())[0]).toBe('no-signature');
  });

  it('takes nothing for known that only an earlier engine found', async () => {
    await declarePlans();
    await changeEngine({ code: 'chain-untrusted' });
    expect((await judgeUnsigned())[0]).toBe('no-signature');
  });

  it('remembers what another engine found, too', async () => {
    await changeEngine();
    await drain();
    expect(await knex('verdicts').whereNull('superseded_at')).toHaveLength(1);
    expect(await judgeUnsigned()).toEqual(LOST);
  });

  it('forgets whom nobody believes any more', async () => {
    await change(policyText('plans') + DISTRUST);
    await drain();
    expect(await verdictOf('plan-1.0.json')).toEqual([
      'unexpected-signer',
      'signer-distrusted',
    ]);
    expect((await judgeUnsigned())[0]).toBe('no-signature');
  });

  it('forgets whom nobody believes any more, where nobody looked again', async () => {
    await declarePlans();
    await change(policyText('plans') + DISTRUST);
    expect((await judgeUnsigned())[0]).toBe('no-signature');
  });

  it('forgets what a later verdict took back', async () => {
    await change(policyText('plans', { signer: 'somebody' }));
    await drain();
    expect((await verdictOf('plan-1.0.json'))[0]).toBe('unexpected-signer');
    expect((await judgeUnsigned())[0]).toBe('no-signature');
  });

  it('remembers what was signed and is not any more', async () => {
    clock.advance(7_200_000);
    source.otherwise = [];
    await drain();
    expect((await verdictOf('plan-1.0.json'))[0]).toBe('signature-lost');
    expect(await judgeUnsigned()).toEqual(LOST);
  });
});
