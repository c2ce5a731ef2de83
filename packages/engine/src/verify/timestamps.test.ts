import { loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';
import {
  MockInstance,
  asEvidence,
  digestOf,
} from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');

describe('timestamps of a bundle', () => {
  let instance: MockInstance;

  beforeEach(async () => {
    instance = await MockInstance.create();
  });

  /** Signed with a timestamp as the only time. */
  async function signed() {
    const bundle = await instance.signMessage(ARTIFACT, { timestamp: true });
    delete bundle.verificationMaterial.tlogEntries[0].inclusionPromise;
    return bundle;
  }

  function verify(bundle: unknown, json = instance.trustedRoot()) {
    const profile = loadTrustedRoot({ name: 'mock', json });
    return verifyEvidence(asEvidence(bundle), digestOf(ARTIFACT), profile);
  }

  const tokensOf = (bundle: Awaited<ReturnType<typeof signed>>) =>
    bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps;

  it.each([
    ['is none', () => Buffer.from('no timestamp')],
    ['is cut short', (token: Buffer) => token.subarray(0, -1)],
    [
      'has a fraction that DER does not allow',
      (token: Buffer) =>
        Buffer.from(token.toString('latin1').replace('.5Z', '.0Z'), 'latin1'),
    ],
    [
      'is of a thirteenth month',
      (token: Buffer) =>
        Buffer.from(
          token
            .toString('latin1')
            .replace(/(\d{4})\d{2}(\d{8}\.5Z)/, (_, year, rest) =>
              [year, '13', rest].join(''),
            ),
          'latin1',
        ),
    ],
  ])('one that %s cannot be read', async (_, change) => {
    instance.clock.setTime(instance.clock.getTime() + 1500);
    const bundle = await signed();
    const [token] = tokensOf(bundle);
    const bytes = Buffer.from(token.signedTimestamp, 'base64');
    token.signedTimestamp = change(bytes).toString('base64');
    const { facts, findings } = verify(bundle);
    expect(facts).toBeUndefined();
    expect(findings).toEqual([
      { code: 'timestamp-invalid', detail: 'a timestamp is unreadable' },
    ]);
  });

  it('one of an authority that the root does not contain', async () => {
    const json = instance.trustedRoot(root => {
      root.timestampAuthorities = [];
    });
    const { facts, findings } = verify(await signed(), json);
    expect(facts).toBeUndefined();
    expect(findings).toContainEqual({
      code: 'timestamp-untrusted',
      detail:
        'the timestamp names an authority that the trusted root does not contain',
    });
  });

  it('one of an authority without a name is called by its address', async () => {
    const json = instance.trustedRoot(root => {
      const [authority] = root.timestampAuthorities;
      delete authority.subject;
      authority.uri = 'https://tsa.mock';
    });
    expect(verify(await signed(), json).facts?.times).toEqual([
      expect.objectContaining({ authority: 'https://tsa.mock' }),
    ]);
  });

  it('a log’s word that is not the log’s, without a proof beside it', async () => {
    const bundle = await instance.signMessage(ARTIFACT);
    const { certificate, ...material } = bundle.verificationMaterial;
    const [{ inclusionProof, ...entry }] = material.tlogEntries;
    const signature = Buffer.from(
      entry.inclusionPromise.signedEntryTimestamp,
      'base64',
    );
    const older = (promise: Buffer) => ({
      ...bundle,
      mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
      verificationMaterial: {
        ...material,
        x509CertificateChain: { certificates: [certificate] },
        tlogEntries: [
          {
            ...entry,
            inclusionPromise: {
              signedEntryTimestamp: promise.toString('base64'),
            },
          },
        ],
      },
    });
    expect(verify(older(signature)).findings).toEqual([]);
    signature[signature.length - 1] ^= 1;
    const { facts, findings } = verify(older(signature));
    expect(facts).toBeUndefined();
    expect(findings).toEqual([
      { code: 'log-proof-invalid', detail: 'log https://rekor.mock' },
    ]);
  });
});
