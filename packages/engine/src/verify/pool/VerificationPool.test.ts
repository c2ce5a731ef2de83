import { join } from 'path';
import {
  MockInstance,
  asEvidence,
  digestOf,
  statementAbout,
} from '../__testUtils__/MockInstance';
import { Evidence } from '../evidence';
import { VerificationProfile, loadTrustedRoot } from '../trustedRoot';
import { verifyEvidence } from '../verifyEvidence';
import { VerificationPool } from './VerificationPool';
import { wasCutShort } from './overCap';

const ARTIFACT = Buffer.from('artifact');
const DIGEST = digestOf(ARTIFACT);

// Threads load the sources one by one, on machines that may be busy.
jest.setTimeout(120_000);

describe('VerificationPool', () => {
  let profile: VerificationProfile;
  let sound: Evidence;
  const pools: VerificationPool[] = [];

  function pool(options: Parameters<typeof VerificationPool.create>[0]) {
    const created = VerificationPool.create(options);
    pools.push(created);
    return created;
  }

  beforeAll(async () => {
    const instance = await MockInstance.create();
    profile = loadTrustedRoot({ name: 'mock', json: instance.trustedRoot() });
    sound = asEvidence(await instance.signEnvelope(statementAbout(ARTIFACT)));
  });

  afterAll(() => Promise.all(pools.map(created => created.close())));

  it('has the same results as verifying here', async () => {
    const json = JSON.parse(Buffer.from(sound.bytes).toString('utf8'));
    const changed = asEvidence({
      ...json,
      dsseEnvelope: { ...json.dsseEnvelope, payload: 'e30=' },
    });
    const torn = { ...sound, bytes: sound.bytes.subarray(0, 100) };
    const other = loadTrustedRoot({
      ...profile.material.source,
      name: 'other',
      thresholds: { transparencyLog: 0 },
    });
    const pieces = [sound, changed, torn].flatMap(evidence =>
      [profile, other].flatMap(root =>
        [DIGEST, digestOf(Buffer.from('another'))].map(
          digest => [evidence, digest, root] as const,
        ),
      ),
    );
    const shared = pool({ threads: 2 });

    const results = await Promise.all(
      pieces.map(piece => shared.verify(...piece)),
    );

    expect(results).toEqual(pieces.map(piece => verifyEvidence(...piece)));
    expect(results.filter(({ facts }) => facts)).toHaveLength(2);
  });

  it('ends what takes too long, and nothing else', async () => {
    const workerFile = join(__dirname, '__testUtils__', 'endlessWorker.ts');
    const shared = pool({ threads: 1, capMilliseconds: 2000, workerFile });
    const endless = { ...sound, mediaType: 'test/endless' };

    // The first goes alone, the next four together.
    const pieces = [sound, sound, endless, endless, sound, sound, sound];
    const results = await Promise.all(
      pieces.map(evidence => shared.verify(evidence, DIGEST, profile)),
    );

    const [first] = results;
    expect(first.facts).toBeDefined();
    for (const [index, result] of results.entries()) {
      const isEndless = pieces[index] === endless;
      expect(wasCutShort(result)).toBe(isEndless);
      expect(result.findings.map(({ code }) => code)).toEqual(
        isEndless ? ['evidence-over-cap'] : [],
      );
      expect(result.facts).toEqual(isEndless ? undefined : first.facts);
    }
  });

  it('finds nothing about evidence when it is closed', async () => {
    const workerFile = join(__dirname, '__testUtils__', 'endlessWorker.ts');
    const shared = pool({ threads: 1, workerFile });
    const endless = { ...sound, mediaType: 'test/endless' };
    await shared.verify(sound, DIGEST, profile);

    const [outcome] = await Promise.allSettled([
      shared.verify(endless, DIGEST, profile),
      shared.close(),
    ]);

    expect(outcome.status).toBe('rejected');
    await expect(shared.verify(sound, DIGEST, profile)).rejects.toThrow();
  });

  it('finds nothing about evidence when its threads do not start', async () => {
    const workerFile = join(__dirname, '__testUtils__', 'absent.ts');
    const shared = pool({ threads: 1, workerFile });

    await expect(shared.verify(sound, DIGEST, profile)).rejects.toThrow();
    await expect(shared.verify(sound, DIGEST, profile)).rejects.toThrow();
  });

  it('finds nothing about evidence when its root cannot be used', async () => {
    const shared = pool({ threads: 1 });
    const forged = { ...profile, digest: `sha256:${'0'.repeat(64)}` };

    const outcomes = await Promise.allSettled(
      [profile, profile, forged, profile, profile].map(root =>
        shared.verify(sound, DIGEST, root),
      ),
    );

    expect(outcomes.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    ]);
    expect(outcomes[2]).toMatchObject({
      reason: new Error(
        'The trusted root "mock" came to a worker thread as another one',
      ),
    });
  });
});
