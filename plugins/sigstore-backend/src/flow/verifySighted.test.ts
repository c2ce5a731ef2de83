import { createMockDirectory } from '@backstage/backend-test-utils';
import { CollectedEvidence } from '@cloudythings/sigstore-engine';
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
import { claimReference } from '../store/lease';
import { checkReference } from './checkReference';
import { VERIFY_MS, verifySighted } from './verifySighted';

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
});
