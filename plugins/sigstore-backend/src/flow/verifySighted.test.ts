import { createMockDirectory } from '@backstage/backend-test-utils';
import {
  CollectedEvidence,
  verifyEvidence,
} from '@cloudythings/sigstore-engine';
import { createHash } from 'node:crypto';
// What the pool gives for a piece that it ends is nothing for others to make.
// eslint-disable-next-line @backstage/no-relative-monorepo-imports
import { overCap } from '../../../../packages/engine/src/verify/pool/overCap';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import {
  Clock,
  CountingSource,
  componentRecord,
  declare,
  replicaPorts,
} from '../__testUtils__/flow';
import { publishReference } from '../publish/publishReference';
import { claimReference } from '../store/lease';
import { checkReference } from './checkReference';
import { FlowPorts } from './ports';
import { CannotVerifyError, VERIFY_MS, verifySighted } from './verifySighted';

jest.setTimeout(60_000);

/** A source that gives several pieces of junk as evidence. */
class FloodingSource extends CountingSource {
  async collect(
    target: Parameters<CountingSource['collect']>[0],
    ports: Parameters<CountingSource['collect']>[1],
  ): ReturnType<CountingSource['collect']> {
    const answer = await super.collect(target, ports);
    const evidence = ['a', 'b', 'c'].map((text): CollectedEvidence => {
      const bytes = Buffer.from(JSON.stringify({ text }));
      const hex = createHash('sha256').update(bytes).digest('hex');
      return {
        digest: `sha256:${hex}`,
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        bytes,
        source: this.name,
        artifactDigest: target.artifact.digest,
      };
    });
    const [lookup] = answer.lookups;
    return { ...answer, lookups: [{ ...lookup, outcome: 'found' }], evidence };
  }
}

describe.each(databaseIds)('verifySighted on %s', id => {
  const files = createMockDirectory();

  it('stops when the time for one reference is over, and goes on the next time', async () => {
    files.setContent({ 'plan.json': 'plan' });
    const knex = await openTestDatabase(id);
    const clock = new Clock();
    const ports = await replicaPorts({
      knex,
      clock,
      source: new FloodingSource(),
      fileRoot: files.path,
    });
    const reference = `file:${files.resolve('plan.json')}`;
    await declare(knex, clock, componentRecord('a', [reference]));
    const inForce = (await ports.trust.inForce())!;
    const claim = (await claimReference(knex, {
      now: clock.now(),
      leaseMs: 10 * VERIFY_MS,
      generation: inForce.generation,
    }))!;
    const running = new AbortController().signal;
    await checkReference(claim, inForce.set, ports, running);

    // Every look at this clock takes half of the time.
    const slow = () => {
      const time = clock.now();
      clock.advance(VERIFY_MS / 2);
      return time;
    };
    await verifySighted(claim, inForce.set, { ...ports, now: slow }, running);
    expect(await knex('facts')).toHaveLength(1);

    await publishReference(knex, claim, inForce, clock.now, clock.now());
    const verdicts = () => knex('verdicts').whereNull('superseded_at');
    const [cut] = await verdicts();
    expect(cut.status).toBe('could-not-check');
    expect(cut.findings).toContain('evidence-over-cap');

    const again = (await claimReference(knex, {
      now: clock.now(),
      leaseMs: VERIFY_MS,
      generation: inForce.generation,
    }))!;
    await verifySighted(again, inForce.set, ports, running);
    expect(await knex('facts')).toHaveLength(3);
    await publishReference(knex, again, inForce, clock.now, clock.now());
    const [whole] = await verdicts();
    expect(whole.status).toBe('evidence-mismatch');
    expect(whole.findings).not.toContain('evidence-over-cap');
  });

  const prepared = async (
    verify: FlowPorts['verifier']['verify'] = async (...piece) =>
      verifyEvidence(...piece),
  ) => {
    files.setContent({ 'plan.json': 'plan' });
    const knex = await openTestDatabase(id);
    const clock = new Clock();
    const source = new FloodingSource();
    const fileRoot = files.path;
    const ports = {
      ...(await replicaPorts({ knex, clock, source, fileRoot })),
      verifier: { verify },
    };
    const reference = `file:${files.resolve('plan.json')}`;
    await declare(knex, clock, componentRecord('a', [reference]));
    const { set, generation } = (await ports.trust.inForce())!;
    const claim = (await claimReference(knex, {
      now: clock.now(),
      leaseMs: VERIFY_MS,
      generation,
    }))!;
    const running = new AbortController().signal;
    await checkReference(claim, set, ports, running);
    const run = () => verifySighted(claim, set, ports, running);
    return { knex, clock, run };
  };

  it('verifies what is gone, too, since judging asks for it', async () => {
    const { knex, clock, run } = await prepared();
    await knex('sightings').update({ gone_at: clock.now() });
    await run();
    expect(await knex('facts')).toHaveLength(3);
  });

  it('verifies several pieces at a time, and each once', async () => {
    const begun: string[] = [];
    let together = () => {};
    const allBegun = new Promise<void>(resolve => {
      together = resolve;
    });
    const { knex, run } = await prepared(async (...piece) => {
      begun.push(piece[0].digest);
      if (begun.length === 3) together();
      await allBegun;
      return verifyEvidence(...piece);
    });
    await run();
    expect(new Set(begun).size).toBe(3);
    await run();
    expect(begun).toHaveLength(3);
    expect(await knex('facts')).toHaveLength(3);
  });

  it('keeps nothing of what was cut short, and verifies it the next time', async () => {
    let cut = true;
    const { knex, run } = await prepared(async (evidence, digest, profile) =>
      cut
        ? overCap(evidence, digest, profile)
        : verifyEvidence(evidence, digest, profile),
    );
    await run();
    expect(await knex('facts')).toHaveLength(0);
    cut = false;
    await run();
    expect(await knex('facts')).toHaveLength(3);
  });

  it('establishes nothing when verifying cannot be done', async () => {
    let tried = 0;
    const { knex, run } = await prepared(async () => {
      tried += 1;
      throw new Error('no threads');
    });
    await expect(run()).rejects.toThrow(CannotVerifyError);
    await expect(run()).rejects.toThrow('no threads');
    expect(await knex('facts')).toHaveLength(0);
    expect(tried).toBeLessThanOrEqual(6);
  });

  it('tells what else is known of the artifact', async () => {
    const options: unknown[] = [];
    const { run } = await prepared(async (...piece) => {
      options.push(piece[3]);
      return verifyEvidence(...piece);
    });
    await run();
    const digest = (algorithm: string) =>
      `${algorithm}:${createHash(algorithm).update('plan').digest('hex')}`;
    const otherDigests = [digest('sha384'), digest('sha512')];
    expect(options).toEqual(Array(3).fill({ otherDigests }));
  });
});
