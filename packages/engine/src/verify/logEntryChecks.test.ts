import { loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';
import {
  MockInstance,
  asEvidence,
  digestOf,
  newKeys,
} from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');

describe('log entries', () => {
  let instance: MockInstance;

  beforeAll(async () => {
    instance = await MockInstance.create();
  });

  function findingOf(bundle: unknown, json = instance.trustedRoot()) {
    const profile = loadTrustedRoot({ name: 'mock', json });
    const { facts, findings } = verifyEvidence(
      asEvidence(bundle),
      digestOf(ARTIFACT),
      profile,
    );
    return facts ? 'none' : findings[0].code;
  }

  /** An entry whose log says nothing of the time, as of Rekor's second version. */
  async function withoutLogTime() {
    const bundle = await instance.signMessage(ARTIFACT, { timestamp: true });
    delete bundle.verificationMaterial.tlogEntries[0].inclusionPromise;
    return bundle;
  }

  it.each([
    ['starts a second later', 'start', 1, 'log-untrusted'],
    ['starts then', 'start', 0, 'none'],
    ['ends then', 'end', 0, 'none'],
    ['ended a second before', 'end', -1, 'log-untrusted'],
  ])(
    'signed at a time when trust in the log %s',
    async (_, bound, seconds, finding) => {
      const time = instance.clock.getTime() + seconds * 1000;
      const json = instance.trustedRoot(root => {
        const { publicKey } = root.tlogs[0];
        publicKey.validFor[bound] = new Date(time).toISOString();
      });
      expect(findingOf(await withoutLogTime(), json)).toBe(finding);
    },
  );

  it.each<[string, (entry: any) => void]>([
    ['index', entry => (entry.logIndex = `0${entry.logIndex}`)],
    [
      'index in the proof',
      entry =>
        (entry.inclusionProof.logIndex = `0${entry.inclusionProof.logIndex}`),
    ],
    ['time', entry => (entry.integratedTime = `${entry.integratedTime}.0`)],
    [
      'index that JSON numbers do not hold',
      entry => (entry.logIndex = '9007199254740993'),
    ],
  ])('written in another way: %s', async (_, change) => {
    const bundle = await instance.signMessage(ARTIFACT);
    change(bundle.verificationMaterial.tlogEntries[0]);
    expect(findingOf(bundle)).toBe('evidence-malformed');
  });

  it('of another signature by the same certificate say so', async () => {
    const keys = newKeys('prime256v1');
    const certificate = await instance.certificate(keys.publicKey);
    const [bundle, other] = await Promise.all(
      [1, 2].map(() => instance.signMessage(ARTIFACT, { keys, certificate })),
    );
    bundle.verificationMaterial.tlogEntries =
      other.verificationMaterial.tlogEntries;
    const json = instance.trustedRoot();
    const { findings } = verifyEvidence(
      asEvidence(bundle),
      digestOf(ARTIFACT),
      loadTrustedRoot({ name: 'mock', json }),
    );
    expect(findings).toEqual([
      {
        code: 'log-entry-mismatch',
        detail: 'log entry: signature mismatch',
      },
    ]);
  });

  it('of a kind with a long name are not repeated in full', async () => {
    const bundle = await instance.signMessage(ARTIFACT, {
      entryKind: { kind: 'x'.repeat(100), apiVersion: '1' },
    });
    const json = instance.trustedRoot();
    const { findings } = verifyEvidence(
      asEvidence(bundle),
      digestOf(ARTIFACT),
      loadTrustedRoot({ name: 'mock', json }),
    );
    expect(findings).toEqual([
      {
        code: 'format-unsupported',
        detail: `a log entry of the kind ${'x'.repeat(64)}`,
      },
    ]);
  });

  it.each([
    ['rekor.mock', true],
    ['rekor.mock - 12', true],
    ['rekor.mock - x12', false],
    ['rekor.mock - 12x', false],
    ['rekor.mock - 12 - 34', false],
    ['rekor.mock - ', false],
    ['rekor.mocked', false],
  ])('the origin %s of a log head is this log’s: %s', async (origin, is) => {
    const bundle = await instance.signMessage(ARTIFACT);
    const { checkpoint } =
      bundle.verificationMaterial.tlogEntries[0].inclusionProof;
    const [, ...lines] = checkpoint.envelope.split('\n');
    // Nobody signed it with either name; what is told apart is which of both.
    lines[0] = '2';
    checkpoint.envelope = [origin, ...lines].join('\n');
    const profile = loadTrustedRoot({
      name: 'mock',
      json: instance.trustedRoot(),
    });
    const { facts, findings } = verifyEvidence(
      asEvidence(bundle),
      digestOf(ARTIFACT),
      profile,
    );
    expect(facts).toBeUndefined();
    expect(findings).toEqual([
      is
        ? { code: 'log-proof-invalid', detail: 'log https://rekor.mock' }
        : {
            code: 'log-proof-invalid',
            detail:
              'the log head does not go by the name of the log in the trusted root',
            comparisons: [
              { aspect: 'log', found: origin, expected: 'rekor.mock' },
            ],
          },
    ]);
  });
});
