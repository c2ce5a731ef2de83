import { loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';
import {
  MockInstance,
  asEvidence,
  digestOf,
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
});
