import { createMockDirectory } from '@backstage/backend-test-utils';
import { CollectedEvidence } from '@cloudythings/sigstore-engine';
import { Knex } from 'knex';
import { createHash } from 'node:crypto';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import {
  Clock,
  CountingSource,
  componentRecord,
  declare,
  replicaPorts,
} from '../__testUtils__/flow';
import { publishReference } from '../publish/publishReference';
import { referenceId } from '../store/identifiers';
import { claimReference } from '../store/lease';
import { markEntityDue } from '../store/references';
import { FlowLoop } from './FlowLoop';
import { checkReference } from './checkReference';
import { FlowPorts } from './ports';
import { verifySighted } from './verifySighted';

const MINUTE = 60_000;

jest.setTimeout(60_000);

/** Works until nothing is due, and says how often; endless work is an error. */
async function drain(ports: FlowPorts): Promise<number> {
  const loop = new FlowLoop(ports, { concurrency: 1 });
  let done = 0;
  while (await loop.runOnce()) {
    done += 1;
    if (done > 50) throw new Error('The same work is done again and again');
  }
  return done;
}

const currentVerdicts = (knex: Knex) =>
  knex('verdicts').whereNull('superseded_at').orderBy('reference');

/** A source that gives junk as evidence, or falls silent. */
class JunkSource extends CountingSource {
  mode: 'junk' | 'none' | 'silent' = 'junk';
  nextDueAt?: string;
  mediaType: string | undefined =
    'application/vnd.dev.sigstore.bundle.v0.3+json';

  async collect(
    target: Parameters<CountingSource['collect']>[0],
    ports: Parameters<CountingSource['collect']>[1],
  ): ReturnType<CountingSource['collect']> {
    const answer = await super.collect(target, ports);
    const [lookup] = answer.lookups;
    if (this.mode === 'none') return answer;
    if (this.mode === 'silent') {
      const cause = 'it did not answer';
      const { nextDueAt } = this;
      return {
        ...answer,
        lookups: [{ ...lookup, outcome: 'unreachable', cause, nextDueAt }],
      };
    }
    const bytes = Buffer.from('{"not":"a bundle"}');
    const evidence = {
      digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      mediaType: this.mediaType,
      bytes,
      source: this.name,
      artifactDigest: target.artifact.digest,
    } as CollectedEvidence;
    return {
      ...answer,
      lookups: [{ ...lookup, outcome: 'found' }],
      evidence: [evidence],
    };
  }
}

describe.each(databaseIds)('FlowLoop on %s', id => {
  const open = () => openTestDatabase(id);
  const files = createMockDirectory();
  let clock: Clock;
  let source: CountingSource;

  beforeEach(() => {
    clock = new Clock();
    source = new CountingSource();
    files.setContent(
      Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [`plan-${i}.json`, `plan ${i}`]),
      ),
    );
  });

  const plan = (number: number) =>
    `file:${files.resolve(`plan-${number}.json`)}`;

  const ports = (
    knex: Knex,
    overrides: Partial<Parameters<typeof replicaPorts>[0]> = {},
  ) =>
    replicaPorts({ knex, clock, source, fileRoot: files.path, ...overrides });

  it('does not ask again before a source wants to be asked', async () => {
    const knex = await open();
    const limited = new JunkSource();
    limited.mode = 'silent';
    const at = clock.now().getTime() + 40 * MINUTE;
    limited.nextDueAt = new Date(at).toISOString();
    const replica = await ports(knex, { source: limited });
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    await drain(replica);
    const { next_check_at } = await knex('artifact_references').first();
    expect(new Date(next_check_at).getTime()).toBeGreaterThanOrEqual(at);
    expect(new Date(next_check_at).getTime()).toBeLessThanOrEqual(at + MINUTE);
    expect(await currentVerdicts(knex)).toMatchObject([
      { status: 'could-not-check' },
    ]);
  });

  it('does each item once when two replicas work on one database', async () => {
    const knex = await open();
    const replicas = [await ports(knex), await ports(knex)].map(
      replica => new FlowLoop(replica, { concurrency: 3 }),
    );
    const references = Array.from({ length: 20 }, (_, i) => plan(i));
    await declare(knex, clock, componentRecord('a', references));
    const drainReplica = async (replica: FlowLoop) => {
      while (await replica.runOnce());
    };
    await Promise.all(
      replicas.flatMap(replica => [
        drainReplica(replica),
        drainReplica(replica),
      ]),
    );

    expect(source.asked).toHaveLength(20);
    expect(new Set(source.asked).size).toBe(20);
    const verdicts = await knex('verdicts');
    expect(verdicts).toHaveLength(20);
    expect(new Set(verdicts.map(row => row.status))).toEqual(
      new Set(['no-signature']),
    );
    const [entity] = await knex('entity_statuses');
    expect(entity).toMatchObject({ status: 'no-signature', total: 20 });
    expect(JSON.parse(entity.counts)).toEqual({ 'no-signature': 20 });
    const references_ = await knex('artifact_references');
    for (const row of references_) {
      expect(row.claimed_by).toBeNull();
      expect(new Date(row.next_check_at).getTime()).toBe(
        clock.now().getTime() + 60 * MINUTE,
      );
    }
  });

  it('repeats a step after a crash, and writes nothing twice', async () => {
    const knex = await open();
    source = new JunkSource();
    const replica = await ports(knex);
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    const inForce = await replica.trust.inForce();
    const claim = await claimReference(knex, {
      now: clock.now(),
      leaseMs: MINUTE,
      generation: inForce!.generation,
    });
    // The first replica ends here, between collect and verify.
    const running = new AbortController().signal;
    await checkReference(claim!, inForce!.set, replica, running);

    expect(await drain(replica)).toBe(0);
    clock.advance(2 * MINUTE);
    expect(await drain(replica)).toBe(1);

    for (const table of ['resolutions', 'evidence', 'sightings', 'facts']) {
      expect(await knex(table)).toHaveLength(1);
    }
    const [verdict] = await currentVerdicts(knex);
    expect(verdict.status).toBe('evidence-mismatch');
  });

  it('writes nothing once the lease has gone to somebody else', async () => {
    const knex = await open();
    const replica = await ports(knex);
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    const inForce = await replica.trust.inForce();
    const options = { leaseMs: MINUTE, generation: inForce!.generation };
    const slow = await claimReference(knex, { now: clock.now(), ...options });
    clock.advance(2 * MINUTE);
    const fast = await claimReference(knex, { now: clock.now(), ...options });
    expect(fast?.id).toBe(slow?.id);

    const running = new AbortController().signal;
    await expect(
      checkReference(slow!, inForce!.set, replica, running),
    ).rejects.toThrow('The lease on');
    expect(await knex('lookups')).toHaveLength(0);
    expect(await knex('resolutions')).toHaveLength(0);
  });

  it.each(['verify', 'publish'] as const)(
    'does not %s once the lease has gone to somebody else',
    async step => {
      const knex = await open();
      source = new JunkSource();
      const replica = await ports(knex);
      await declare(knex, clock, componentRecord('a', [plan(0)]));
      const inForce = (await replica.trust.inForce())!;
      const options = { leaseMs: MINUTE, generation: inForce.generation };
      const claim = () =>
        claimReference(knex, { now: clock.now(), ...options });
      const slow = (await claim())!;
      const running = new AbortController().signal;
      await checkReference(slow, inForce.set, replica, running);
      clock.advance(2 * MINUTE);
      expect((await claim())?.id).toBe(slow.id);

      const late =
        step === 'verify'
          ? verifySighted(slow, inForce.set, replica, running)
          : publishReference(knex, slow, inForce, clock.now, clock.now());
      await expect(late).rejects.toThrow('The lease on');
      expect(await knex('facts')).toHaveLength(0);
      expect(await knex('verdicts')).toHaveLength(0);
    },
  );

  it('judges again when an administrator gives an entity another repository', async () => {
    const knex = await open();
    const replica = await ports(knex);
    const record = componentRecord('a', [plan(0)], { repository: 'acme/a' });
    await declare(knex, clock, record);
    await drain(replica);
    const [before] = await currentVerdicts(knex);
    clock.advance(MINUTE);
    await declare(knex, clock, { ...record, repository: 'acme/monorepo' });
    expect(await drain(replica)).toBe(1);
    expect(source.asked).toHaveLength(1);
    const [after] = await currentVerdicts(knex);
    expect(new Date(after.confirmed_at).getTime()).toBe(
      new Date(before.confirmed_at).getTime() + MINUTE,
    );
  });

  it('never half-writes a step, and one bad item does not stop the rest', async () => {
    const knex = await open();
    const junk = new JunkSource();
    source = junk;
    // What a database refuses in the middle of the transaction.
    junk.mediaType = undefined;
    const replica = await ports(knex);
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    await declare(knex, clock, componentRecord('b', ['no reference at all']));
    await drain(replica);

    expect(await knex('lookups')).toHaveLength(0);
    expect(await knex('resolutions')).toHaveLength(0);
    expect(replica.logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('tried again later'),
    );
    const verdicts = await currentVerdicts(knex);
    expect(verdicts.map(row => row.entity_ref)).toEqual([
      'component:default/b',
    ]);

    junk.mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
    clock.advance(6 * MINUTE);
    await drain(replica);
    expect(await currentVerdicts(knex)).toHaveLength(2);
  });

  it('asks at once after a failure when somebody asks for it', async () => {
    const knex = await open();
    const junk = new JunkSource();
    source = junk;
    junk.mediaType = undefined;
    const replica = await ports(knex);
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    expect(await drain(replica)).toBe(1);
    expect(await currentVerdicts(knex)).toHaveLength(0);
    const [{ next_check_at: next }] = await knex('artifact_references');
    expect(new Date(next).getTime()).toBe(clock.now().getTime() + 5 * MINUTE);

    junk.mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
    expect(await drain(replica)).toBe(0);
    await markEntityDue(knex, 'component:default/a', clock.now());
    expect(await drain(replica)).toBe(1);
    expect(await currentVerdicts(knex)).toHaveLength(1);
  });

  it('judges under new policies at once after a failure, and fails no faster', async () => {
    const knex = await open();
    const junk = new JunkSource();
    source = junk;
    const policies = createPolicyFile(files);
    policies.write('image');
    const replica = await ports(knex, { policyFiles: [policies.path] });
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    await drain(replica);
    clock.advance(120 * MINUTE);
    jest.mocked(replica.logger.warn).mockClear();
    const policiesOf = async () =>
      JSON.parse((await currentVerdicts(knex))[0].detail).policies;
    await knex.schema.renameTable('lookups', 'away');
    expect(await drain(replica)).toBe(1);
    await knex.schema.renameTable('away', 'lookups');

    policies.write('terraform-plan');
    await replica.trust.reload();
    await knex.schema.renameTable('verdicts', 'away');
    // Once with all others, once alone.
    expect(await drain(replica)).toBe(2);
    await knex.schema.renameTable('away', 'verdicts');
    const failures = jest
      .mocked(replica.logger.warn)
      .mock.calls.filter(([words]) => words.includes('tried again later'));
    expect(failures).toHaveLength(2);
    expect(await policiesOf()).toEqual([]);

    policies.write('image');
    await replica.trust.reload();
    expect(await drain(replica)).toBe(1);
    policies.write('terraform-plan');
    await replica.trust.reload();
    expect(await drain(replica)).toBe(1);
    expect(await policiesOf()).toEqual(['plans']);
  });

  it('keeps what became due while the work went on', async () => {
    const knex = await open();
    const asking = new CountingSource();
    source = asking;
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    const replica = await ports(knex);
    const collect = asking.collect.bind(asking);
    asking.collect = async (...args) => {
      if (asking.asked.length === 0) {
        clock.advance(1);
        await markEntityDue(knex, 'component:default/a', clock.now());
      }
      return collect(...args);
    };
    expect(await drain(replica)).toBe(2);
    expect(asking.asked).toHaveLength(2);
  });

  it('tells evidence that is gone from a source that is silent', async () => {
    const knex = await open();
    const junk = new JunkSource();
    source = junk;
    const replica = await ports(knex);
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    const gone = async () => {
      clock.advance(120 * MINUTE);
      await drain(replica);
      return (await knex('sightings'))[0].gone_at !== null;
    };
    await drain(replica);
    expect((await currentVerdicts(knex))[0].status).toBe('evidence-mismatch');
    junk.mode = 'silent';
    expect(await gone()).toBe(false);
    expect((await currentVerdicts(knex))[0].status).toBe('could-not-check');
    junk.mode = 'none';
    expect(await gone()).toBe(true);
    expect((await currentVerdicts(knex))[0].status).toBe('no-signature');
    // Each change is a row, and none is lost.
    expect(await knex('verdicts').orderBy('id').pluck('status')).toEqual([
      'evidence-mismatch',
      'could-not-check',
      'no-signature',
    ]);
    const outcomes = await knex('lookups')
      .where({
        source: 'counting',
        subject: referenceId('terraform-plan', plan(0)),
      })
      .orderBy('id')
      .pluck('outcome');
    expect(outcomes).toEqual(['found', 'unreachable', 'none']);
  });

  it('adds no row when nothing changed', async () => {
    const knex = await open();
    const replica = await ports(knex);
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    await drain(replica);
    clock.advance(120 * MINUTE);
    await drain(replica);
    expect(source.asked).toHaveLength(2);
    for (const table of ['verdicts', 'resolutions']) {
      expect(await knex(table)).toHaveLength(1);
    }
    const [verdict] = await knex('verdicts');
    expect(new Date(verdict.confirmed_at).getTime()).toBe(
      clock.now().getTime(),
    );
    expect(await knex('lookups').where({ source: 'counting' })).toHaveLength(1);
  });

  it('judges again under new policies without asking any source, and not with old ones', async () => {
    const knex = await open();
    const policies = createPolicyFile(files);
    const options = { policyFiles: [policies.path] };
    policies.write('terraform-plan');
    const first = await ports(knex, options);
    const second = await ports(knex, options);
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    await drain(first);
    expect(
      JSON.parse((await currentVerdicts(knex))[0].detail).policies,
    ).toEqual(['plans']);

    policies.write('image');
    await first.trust.reload();
    expect(await drain(second)).toBe(0);
    expect(second.logger.warn).toHaveBeenCalledTimes(1);
    expect(await second.trust.inForce()).toBeUndefined();
    expect(second.logger.warn).toHaveBeenCalledTimes(1);

    expect(await drain(first)).toBe(1);
    expect(source.asked).toHaveLength(1);
    expect(
      JSON.parse((await currentVerdicts(knex))[0].detail).policies,
    ).toEqual([]);
    await second.trust.reload();
    expect(await second.trust.inForce()).toMatchObject({ generation: 2 });
    expect(await knex('trust_generations')).toHaveLength(2);
  });

  it('verifies stored evidence again under a new trusted root, without asking any source', async () => {
    const knex = await open();
    source = new JunkSource();
    const before = await ports(knex);
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    await drain(before);
    expect(await knex('facts').pluck('trusted_root')).toEqual(['public-good']);

    const trustedRoots = ['public-good', 'another'];
    const after = await ports(knex, { trustedRoots });
    // Found among others to need verifying, then verified and judged.
    expect(await drain(after)).toBe(2);
    expect(source.asked).toHaveLength(1);
    expect(
      await knex('facts').orderBy('trusted_root').pluck('trusted_root'),
    ).toEqual(['another', 'public-good']);
    expect(await drain(before)).toBe(0);
  });

  it('does not leave a verdict of former trust standing when nothing can be verified', async () => {
    const knex = await open();
    source = new JunkSource();
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    await drain(await ports(knex));
    const status = async () => (await currentVerdicts(knex))[0].status;
    expect(await status()).toBe('evidence-mismatch');

    const trustedRoots = ['another'];
    const after = await ports(knex, { trustedRoots });
    const { verify } = after.verifier;
    after.verifier.verify = async () => {
      throw new Error('no threads');
    };
    await drain(after);
    expect(['stale', 'could-not-check']).toContain(await status());
    expect(after.logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('could not be verified: Error: no threads'),
    );

    after.verifier.verify = verify;
    expect(await drain(after)).toBe(0);
    clock.advance(6 * MINUTE);
    await drain(after);
    expect(await status()).toBe('evidence-mismatch');
    expect(source.asked).toHaveLength(1);
  });

  it('publishes nothing that was judged while the policies changed', async () => {
    const knex = await open();
    const policies = createPolicyFile(files);
    const options = { policyFiles: [policies.path] };
    policies.write('image');
    const replica = await ports(knex, options);
    await declare(knex, clock, componentRecord('a', [plan(0)]));
    const collect = source.collect.bind(source);
    source.collect = async (...args) => {
      policies.write('terraform-plan');
      await replica.trust.reload();
      return collect(...args);
    };
    await new FlowLoop(replica, { concurrency: 1 }).runOnce();
    expect(await knex('verdicts')).toHaveLength(0);
    clock.advance(1);
    await drain(replica);
    expect(await knex('verdicts').pluck('generation')).toEqual([2]);
  });

  it('keeps the former policies when the new ones cannot be read', async () => {
    const knex = await open();
    const policies = createPolicyFile(files);
    policies.write('terraform-plan');
    const replica = await ports(knex, { policyFiles: [policies.path] });
    policies.write('no such kind');
    await replica.trust.reload();
    expect(await replica.trust.inForce()).toMatchObject({ generation: 1 });
    expect(replica.logger.error).toHaveBeenCalledWith(
      expect.stringContaining('policies.yaml'),
    );
  });
});

function createPolicyFile(files: ReturnType<typeof createMockDirectory>) {
  return {
    path: files.resolve('policies.yaml'),
    write(kind: string) {
      files.addContent({
        'policies.yaml': `
apiVersion: cloudythings.io/v1alpha1
kind: TrustPolicy
metadata: { name: plans }
spec:
  artifacts:
    - kind: ${kind}
  authorities:
    - name: release
      keyless:
        trustedRoot: public-good
        identities:
          - issuer: https://token.actions.githubusercontent.com
            subject: https://github.com/acme/plans/.github/workflows/plan.yml@refs/heads/main
`,
      });
    },
  };
}
