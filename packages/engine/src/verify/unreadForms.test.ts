import { createHash, generateKeyPairSync } from 'crypto';
import { Stock } from './differential/__testUtils__/stock';
import { HashName } from './hashNames';
import { loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';
import {
  KeyPair,
  MockInstance,
  SigningOptions,
  asEvidence,
  asSimpleSigning,
  digestOf,
  newKeys,
  pemOf,
  signPrehashed,
  simplePayload,
  statementAbout,
} from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');
const OTHER = Buffer.from('another artifact');
const DIGEST = digestOf(ARTIFACT);
const ED25519 = generateKeyPairSync('ed25519');

const digestBy = (hash: HashName, bytes: Buffer) =>
  createHash(hash).update(bytes).digest();

describe('what the library refuses gives no facts, and no contradiction where it holds', () => {
  let instance: MockInstance;
  /** The key that signs, which the root trusts. */
  let keys: KeyPair;

  beforeAll(async () => {
    instance = await MockInstance.create();
  });

  beforeEach(() => {
    keys = newKeys('prime256v1');
  });

  const profile = () =>
    loadTrustedRoot({
      name: 'mock',
      json: instance.trustedRoot(),
      keys: [pemOf(keys.publicKey)],
    });

  /** The failed checks, each with what it found. */
  function failuresOf(bundle: unknown, evidence = asEvidence(bundle)) {
    const { facts, checks } = verifyEvidence(evidence, DIGEST, profile(), {
      bytes: ARTIFACT,
    });
    expect(facts).toBeUndefined();
    return checks
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ name, finding }) => [name, finding?.code, finding?.detail]);
  }

  /** What the library says, given the bytes that were signed. */
  function stock(bundle: unknown, artifact = ARTIFACT) {
    const { bytes } = asEvidence(bundle);
    return () => new Stock(profile()).verify(bytes, artifact);
  }

  const unread = (check: string, form: string) => [
    [
      check,
      'format-unsupported',
      `${form}: the Sigstore library does not verify this form yet`,
    ],
  ];

  describe.each<[string, string, HashName, string]>([
    ['P-384', 'secp384r1', 'sha384', 'SHA-384'],
    ['P-521', 'secp521r1', 'sha512', 'SHA-512'],
  ])('payloads on %s', (curve, namedCurve, hash, words) => {
    beforeEach(() => {
      keys = newKeys(namedCurve);
    });

    const signed = (about: Buffer, options: SigningOptions = {}) =>
      instance.signEnvelope(statementAbout(about), {
        keys,
        keyed: true,
        hash,
        ...options,
      });

    it(`an envelope with ${words}`, async () => {
      const bundle = await signed(ARTIFACT);
      expect(stock(bundle)).toThrow('signature verification failed');
      expect(failuresOf(bundle)).toEqual(
        unread(
          'signature',
          `made with ${words} by a ${curve} key over an envelope`,
        ),
      );
    });

    it('one with SHA-256 is read', async () => {
      const bundle = await signed(ARTIFACT, { hash: 'sha256' });
      expect(stock(bundle)).not.toThrow();
      expect(
        verifyEvidence(asEvidence(bundle), DIGEST, profile()).findings,
      ).toEqual([]);
    });

    it('one of another artifact says so, too', async () => {
      expect(failuresOf(await signed(OTHER))).toEqual([
        expect.arrayContaining(['signature', 'format-unsupported']),
        expect.arrayContaining([
          'artifact-binding',
          'statement-for-other-artifact',
        ]),
      ]);
    });

    it('one that this key did not make contradicts', async () => {
      const bundle = await signed(ARTIFACT);
      const other = await signed(OTHER);
      bundle.dsseEnvelope.payload = other.dsseEnvelope.payload;
      expect(failuresOf(bundle)).toContainEqual(
        expect.arrayContaining(['signature', 'signature-invalid']),
      );
    });

    it(`a payload of cosign’s older layout with ${words}`, async () => {
      const payload = simplePayload(DIGEST);
      const bundle = await instance.signMessage(payload, {
        keys,
        keyed: true,
        hash,
      });
      bundle.messageSignature.messageDigest = {
        algorithm: 'SHA2_256',
        digest: digestBy('sha256', payload).toString('base64'),
      };
      expect(stock(bundle, payload)).toThrow();
      expect(
        failuresOf(undefined, asSimpleSigning(bundle, payload)),
      ).toContainEqual(
        unread(
          'signature',
          `made with ${words} by a ${curve} key over a payload`,
        )[0],
      );
    });
  });

  describe.each<[HashName, string]>([
    ['sha384', 'SHA-384'],
    ['sha512', 'SHA-512'],
  ])('a log entry that records an envelope by %s', (hash, words) => {
    it('of what was signed', async () => {
      const bundle = await instance.signEnvelope(statementAbout(ARTIFACT), {
        recordedDigest: signed => digestBy(hash, signed),
      });
      expect(stock(bundle)).toThrow('digest mismatch');
      expect(failuresOf(bundle)).toEqual(
        unread('log-entry-binding', `recorded in the log by a ${words} digest`),
      );
    });

    it('of anything else contradicts', async () => {
      const bundle = await instance.signEnvelope(statementAbout(ARTIFACT), {
        recordedDigest: () => digestBy(hash, ARTIFACT),
      });
      expect(failuresOf(bundle)).toEqual([
        [
          'log-entry-binding',
          'log-entry-mismatch',
          'log entry: digest mismatch',
        ],
      ]);
    });
  });

  it('a log entry that records an envelope by SHA-256 is read', async () => {
    const bundle = await instance.signEnvelope(statementAbout(ARTIFACT), {
      recordedDigest: signed => digestBy('sha256', signed),
    });
    expect(stock(bundle)).not.toThrow();
    expect(
      verifyEvidence(asEvidence(bundle), DIGEST, profile()).findings,
    ).toEqual([]);
  });

  describe.each<[string, SigningOptions]>([
    ['an Ed25519 signature', { keys: ED25519 }],
    [
      'an Ed25519ph signature',
      { keys: ED25519, hash: 'sha512', sign: signPrehashed(ED25519) },
    ],
  ])('%s', (form, own) => {
    const options = { ...own, keyed: true };

    beforeEach(() => {
      keys = ED25519;
    });

    it('over an artifact', async () => {
      const bundle = await instance.signMessage(ARTIFACT, options);
      expect(stock(bundle)).toThrow('signature verification failed');
      expect(failuresOf(bundle)).toEqual(
        unread('signature', `${form} without an envelope`),
      );
    });

    it('over another artifact contradicts', async () => {
      const bundle = await instance.signMessage(ARTIFACT, options);
      const other = await instance.signMessage(OTHER, options);
      expect(failuresOf(other)).toContainEqual(
        expect.arrayContaining(['artifact-binding', 'artifact-mismatch']),
      );
      bundle.messageSignature.signature = other.messageSignature.signature;
      expect(failuresOf(bundle)).toContainEqual(
        expect.arrayContaining(['signature', 'signature-invalid']),
      );
    });

    it('over a payload of cosign’s older layout', async () => {
      const payload = simplePayload(DIGEST);
      const bundle = await instance.signMessage(payload, {
        ...options,
        hash: 'sha256',
      });
      expect(stock(bundle, payload)).toThrow('signature verification failed');
      const evidence = asSimpleSigning(bundle, payload);
      expect(failuresOf(undefined, evidence)).toEqual(
        unread('signature', `${form} without an envelope`),
      );
    });
  });

  it('an Ed25519ph signature, from the digest alone', async () => {
    keys = ED25519;
    const bundle = await instance.signMessage(ARTIFACT, {
      keys,
      keyed: true,
      hash: 'sha512',
      sign: signPrehashed(keys),
    });
    const otherDigests = [
      `sha512:${digestBy('sha512', ARTIFACT).toString('hex')}`,
    ];
    const { facts, findings } = verifyEvidence(
      asEvidence(bundle),
      DIGEST,
      profile(),
      { otherDigests },
    );
    expect(facts).toBeUndefined();
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'format-unsupported',
        detail: expect.stringContaining('an Ed25519ph signature'),
      }),
    ]);
  });

  it('an Ed25519 signature over an envelope is read', async () => {
    keys = ED25519;
    const bundle = await instance.signEnvelope(statementAbout(ARTIFACT), {
      keys,
      keyed: true,
    });
    expect(stock(bundle)).not.toThrow();
    expect(
      verifyEvidence(asEvidence(bundle), DIGEST, profile()).findings,
    ).toEqual([]);
  });

  describe('timestamps with a fraction of a second (RFC 3161 §2.4.2)', () => {
    const signedAfter = async (milliseconds: number) => {
      const own = await MockInstance.create();
      const second = own.clock.getTime() + 1000;
      own.clock.setTime(second + milliseconds);
      const bundle = await own.signMessage(ARTIFACT, { timestamp: true });
      delete bundle.verificationMaterial.tlogEntries[0].inclusionPromise;
      instance = own;
      return { bundle, second: new Date(second).toISOString() };
    };

    it.each([0, 123])('%i milliseconds are read', async milliseconds => {
      const { bundle, second } = await signedAfter(milliseconds);
      expect(stock(bundle)).not.toThrow();
      const { facts } = verifyEvidence(asEvidence(bundle), DIGEST, profile());
      expect(facts?.times.map(({ time }) => time)).toEqual([second]);
    });

    it.each([500, 250])('%i milliseconds are not', async milliseconds => {
      const { bundle } = await signedAfter(milliseconds);
      expect(stock(bundle)).toThrow('invalid time');
      expect(failuresOf(bundle)).toEqual(
        unread(
          'timestamps',
          'a timestamp with other than three decimals of a second',
        ),
      );
    });

    it('such a timestamp of another signature contradicts', async () => {
      const { bundle } = await signedAfter(500);
      const other = await instance.signMessage(OTHER, { timestamp: true });
      bundle.verificationMaterial.timestampVerificationData =
        other.verificationMaterial.timestampVerificationData;
      expect(failuresOf(bundle)).toEqual([
        [
          'timestamps',
          'timestamp-invalid',
          'the timestamp was made for another signature',
        ],
      ]);
    });
  });
});
