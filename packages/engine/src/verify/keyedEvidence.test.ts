import { generateKeyPairSync } from 'crypto';
import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  assembleAttestation,
  assembleSimpleSigning,
} from '../collect/assembleEvidence';
import { VerifyOptions } from './artifact';
import { Evidence } from './evidence';
import { Thresholds, loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';
import {
  KeyPair,
  MockInstance,
  asEvidence,
  digestOf,
  hintOf,
  newKeys,
  pemOf,
  simplePayload,
  statementAbout,
} from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');
const OTHER = Buffer.from('another artifact');
const DIGEST = digestOf(ARTIFACT);

const KEYS: Record<string, () => KeyPair> = {
  'P-256': () => newKeys('prime256v1'),
  'P-384': () => newKeys('secp384r1'),
  'P-521': () => newKeys('secp521r1'),
  RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  Ed25519: () => generateKeyPairSync('ed25519'),
};

describe('evidence that a public key signed', () => {
  const keys = newKeys('prime256v1');
  const stranger = newKeys('prime256v1');
  let instance: MockInstance;

  beforeAll(async () => {
    instance = await MockInstance.create();
  });

  type Options = VerifyOptions & {
    trusted?: KeyPair[];
    thresholds?: Partial<Thresholds>;
  };

  function verifyAs(evidence: Evidence, options: Options = {}): Verification {
    const { trusted = [keys], thresholds, ...known } = options;
    const profile = loadTrustedRoot({
      name: 'mock',
      json: instance.trustedRoot(),
      keys: trusted.map(({ publicKey }) => pemOf(publicKey)),
      thresholds,
    });
    return verifyEvidence(evidence, DIGEST, profile, known);
  }

  const verify = (bundle: unknown, options?: Options) =>
    verifyAs(asEvidence(bundle), options);

  /** The finding that decides; `none` when facts came out. */
  const findingOf = ({ facts, findings }: Verification): string =>
    facts ? 'none' : findings[0].code;

  const outcomesOf = ({ checks }: Verification) =>
    Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]));

  it('names the key as signer; nothing is asked about a certificate', async () => {
    const bundle = await instance.signMessage(ARTIFACT, { keys, keyed: true });
    const verification = verify(bundle);
    expect(verification.findings).toEqual([]);
    expect(verification.facts).toMatchObject({
      signer: {
        trustedRoot: 'mock',
        issuer: '',
        identity: digestOf(
          keys.publicKey.export({ format: 'der', type: 'spki' }),
        ),
        identityType: 'public-key',
        extensions: {},
      },
      logEntries: [{ kind: 'hashedrekord 0.0.1' }],
    });
    expect(verification.facts).not.toHaveProperty('certificate');
    expect(outcomesOf(verification)).toEqual({
      format: 'passed',
      limits: 'passed',
      timestamps: 'passed',
      'certificate-chain': 'not-applicable',
      'certificate-log': 'not-applicable',
      'signing-time': 'not-applicable',
      'log-inclusion': 'passed',
      'log-entry-binding': 'passed',
      signature: 'passed',
      'artifact-binding': 'passed',
    });
  });

  it.each(Object.entries(KEYS))('%s signs envelopes', async (_, make) => {
    const pair = make();
    const options = { keys: pair, keyed: true };
    const bundle = await instance.signEnvelope(
      statementAbout(ARTIFACT),
      options,
    );
    expect(verify(bundle, { trusted: [pair] }).findings).toEqual([]);
    expect(findingOf(verify(bundle, { trusted: [make()] }))).toBe(
      'key-unknown',
    );
    const other = await instance.signEnvelope(statementAbout(OTHER), options);
    bundle.dsseEnvelope.payload = other.dsseEnvelope.payload;
    expect(findingOf(verify(bundle, { trusted: [pair] }))).toBe(
      'signature-invalid',
    );
  });

  it.each(Object.entries(KEYS))(
    '%s signs artifacts, with their bytes at hand and without',
    async (type, make) => {
      const pair = make();
      const trusted = [pair];
      const options = { keys: pair, keyed: true };
      const bundle = await instance.signMessage(ARTIFACT, options);
      for (const known of [{}, { bytes: ARTIFACT }]) {
        expect(findingOf(verify(bundle, { trusted, ...known }))).toBe(
          type === 'Ed25519' ? 'format-unsupported' : 'none',
        );
      }
      const other = await instance.signMessage(OTHER, options);
      const [{ code, detail }] = verify(other, {
        trusted,
        bytes: ARTIFACT,
      }).findings;
      expect([code, detail]).toEqual([
        'artifact-mismatch',
        // Of what cannot be verified, only what it says is known.
        type === 'Ed25519'
          ? 'the signature says it is over another digest'
          : 'the signature is over another digest',
      ]);
      bundle.messageSignature.signature = other.messageSignature.signature;
      expect(findingOf(verify(bundle, { trusted, bytes: ARTIFACT }))).toBe(
        'signature-invalid',
      );
    },
  );

  describe('the hint is only a hint', () => {
    const signed = (hint?: string) =>
      instance.signMessage(ARTIFACT, { keys, keyed: true, hint });

    it.each([
      ['none', () => ''],
      ['an unknown one', () => 'release key'],
      ['that of another trusted key', () => hintOf(stranger.publicKey)],
    ])('%s: every trusted key is tried', async (_, hint) => {
      const verification = verify(await signed(hint()), {
        trusted: [stranger, keys],
      });
      expect(verification.facts?.signer.identity).toBe(
        verify(await signed()).facts?.signer.identity,
      );
    });

    it('no trusted key made it', async () => {
      const bundle = await signed();
      expect(findingOf(verify(bundle, { trusted: [stranger] }))).toBe(
        'key-unknown',
      );
      expect(verify(bundle, { trusted: [] }).findings[0]).toEqual({
        code: 'key-unknown',
        detail: 'no key is trusted under this trusted root',
      });
      expect(verify(bundle, { trusted: [stranger] }).findings[0].detail).toBe(
        'made by none of the 1 keys that are trusted under this trusted root',
      );
    });

    it('a key that cannot have made it is no obstacle', async () => {
      const trusted = [stranger, KEYS.Ed25519()];
      expect(findingOf(verify(await signed(''), { trusted }))).toBe(
        'key-unknown',
      );
    });

    it('the key that it names is not tried twice in place of another', async () => {
      const many = Array.from({ length: 31 }, () => newKeys('prime256v1'));
      // Keys are tried by their digests: one is the last, and not this one.
      const digestOfKey = ({ publicKey }: KeyPair) =>
        Buffer.from(hintOf(publicKey), 'base64').toString('hex');
      const [first] = [...many, keys].sort((a, b) =>
        digestOfKey(a) < digestOfKey(b) ? -1 : 1,
      );
      const bundles = await Promise.all(
        [...many, keys].map(pair =>
          instance.signMessage(ARTIFACT, {
            keys: pair,
            keyed: true,
            hint: hintOf(first.publicKey),
          }),
        ),
      );
      const trusted = [...many, keys];
      expect(
        bundles.map(bundle => findingOf(verify(bundle, { trusted }))),
      ).toEqual(bundles.map(() => 'none'));
    });

    it('of many keys, those beyond the cap were not tried', async () => {
      const many = Array.from({ length: 33 }, () => newKeys('prime256v1'));
      const trusted = many;
      expect(findingOf(verify(await signed(''), { trusted }))).toBe(
        'evidence-over-cap',
      );
      const hinted = await signed();
      expect(verify(hinted, { trusted: [...trusted, keys] }).findings).toEqual(
        [],
      );
      expect(
        findingOf(verify(await signed(''), { trusted: many.slice(1) })),
      ).toBe('key-unknown');
    });

    it('a key that could have made it and cannot be tried is no other', async () => {
      const pair = KEYS.Ed25519();
      const bundle = await instance.signMessage(ARTIFACT, {
        keys: pair,
        keyed: true,
        hint: '',
      });
      const trusted = [keys, KEYS.RSA(), pair];
      const [{ code, detail }] = verify(bundle, { trusted }).findings;
      expect(code).toBe('format-unsupported');
      expect(detail).toMatch(/only its digest is here/);
      const known = { trusted, bytes: ARTIFACT };
      expect(verify(bundle, known).findings[0].detail).toMatch(
        /the Sigstore library does not verify this form yet/,
      );
      expect(
        findingOf(
          verify(bundle, { ...known, trusted: [keys, KEYS.Ed25519()] }),
        ),
      ).toBe('key-unknown');
    });
  });

  describe('the log entry names the key', () => {
    it('another key', async () => {
      for (const bundle of [
        await instance.signMessage(ARTIFACT, {
          keys,
          keyed: true,
          loggedKey: stranger.publicKey,
        }),
        await instance.signEnvelope(statementAbout(ARTIFACT), {
          keys,
          keyed: true,
          loggedKey: stranger.publicKey,
        }),
      ]) {
        expect(findingOf(verify(bundle))).toBe('log-entry-mismatch');
      }
    });

    it('a certificate for the same key is not the key, nor the other way round', async () => {
      const byKey = await instance.signMessage(ARTIFACT, { keys, keyed: true });
      const byCertificate = await instance.signMessage(ARTIFACT, {
        keys,
        certificate: await instance.certificate(keys.publicKey),
      });
      const withSignerOf = (
        bundle: typeof byKey,
        { verificationMaterial }: typeof byKey,
      ) => {
        const { tlogEntries } = bundle.verificationMaterial;
        const material = { ...verificationMaterial, tlogEntries };
        return { ...bundle, verificationMaterial: material };
      };
      expect(findingOf(verify(withSignerOf(byKey, byCertificate)))).toBe(
        'log-entry-mismatch',
      );
      expect(findingOf(verify(withSignerOf(byCertificate, byKey)))).toBe(
        'log-entry-mismatch',
      );
    });
  });

  describe('thresholds of the root hold', () => {
    const signed = (options: object) =>
      instance.signMessage(ARTIFACT, { keys, keyed: true, ...options });
    const none = { timestamps: 0, transparencyLog: 0 };

    it('log entries and times are asked for as ever', async () => {
      const bare = await signed({ logs: [] });
      expect(verify(bare).findings.map(({ code }) => code)).toEqual([
        'timestamp-missing',
        'log-entry-missing',
      ]);
      expect(
        findingOf(verify(bare, { thresholds: { transparencyLog: 0 } })),
      ).toBe('timestamp-missing');
    });

    it('trap 8: a root that asks for none gets none', async () => {
      const verification = verify(await signed({ logs: [] }), {
        thresholds: none,
      });
      expect(verification.findings).toEqual([]);
      expect(verification.facts).toMatchObject({ times: [], logEntries: [] });
      expect(outcomesOf(verification)).toMatchObject({
        timestamps: 'not-applicable',
        'log-inclusion': 'not-applicable',
        'log-entry-binding': 'not-applicable',
      });
    });

    it('a certificate needs an attested time even then', async () => {
      const bundle = await instance.signMessage(ARTIFACT, { logs: [] });
      expect(findingOf(verify(bundle, { thresholds: none }))).toBe(
        'timestamp-missing',
      );
    });

    it('what is there is checked even then', async () => {
      const bundle = await signed({ timestamp: true });
      const other = await signed({ timestamp: true });
      bundle.verificationMaterial.timestampVerificationData =
        other.verificationMaterial.timestampVerificationData;
      expect(findingOf(verify(bundle, { thresholds: none }))).toBe(
        'timestamp-invalid',
      );
    });
  });

  describe('cosign’s older layout without a certificate', () => {
    const annotations = (
      bundle: Awaited<ReturnType<MockInstance['signMessage']>>,
    ) => {
      const [entry] = bundle.verificationMaterial.tlogEntries;
      return {
        ...(bundle.messageSignature
          ? {
              'dev.cosignproject.cosign/signature':
                bundle.messageSignature.signature,
            }
          : {}),
        'dev.sigstore.cosign/bundle': JSON.stringify({
          SignedEntryTimestamp: entry.inclusionPromise.signedEntryTimestamp,
          Payload: {
            body: entry.canonicalizedBody,
            integratedTime: Number(entry.integratedTime),
            logIndex: Number(entry.logIndex),
            logID: Buffer.from(entry.logId.keyId, 'base64').toString('hex'),
          },
        }),
      };
    };

    it('a signature', async () => {
      const payload = simplePayload(DIGEST);
      const bundle = await instance.signMessage(payload, { keys, keyed: true });
      const bytes = assembleSimpleSigning(annotations(bundle), payload);
      const evidence = { ...asEvidence({}), bytes };
      expect(verifyAs(evidence).facts).toMatchObject({
        signer: { identityType: 'public-key' },
        content: { type: 'simple-signing' },
      });
      expect(findingOf(verifyAs(evidence, { trusted: [stranger] }))).toBe(
        'key-unknown',
      );
    });

    it('an attestation', async () => {
      const bundle = await instance.signEnvelope(statementAbout(ARTIFACT), {
        keys,
        keyed: true,
      });
      const { bytes } = assembleAttestation(
        annotations(bundle),
        Buffer.from(JSON.stringify(bundle.dsseEnvelope)),
      );
      expect(verifyAs({ ...asEvidence({}), bytes }).facts).toMatchObject({
        signer: { identityType: 'public-key' },
        content: { predicateType: 'https://slsa.dev/provenance/v1' },
      });
    });
  });
});
