import { createHash } from 'crypto';
import { VerifyOptions } from './artifact';
import { HashName } from './hashNames';
import { loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';
import {
  KeyPair,
  MockInstance,
  asEvidence,
  asSimpleSigning,
  digestOf,
  newKeys,
  pemOf,
  simplePayload,
  statementAbout,
} from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');
const OTHER = Buffer.from('another artifact');
const DIGEST = digestOf(ARTIFACT);

const hashOf = (hash: HashName, bytes = ARTIFACT) =>
  `${hash}:${createHash(hash).update(bytes).digest('hex')}`;

describe('hash functions of signatures', () => {
  let instance: MockInstance;

  beforeAll(async () => {
    instance = await MockInstance.create();
  });

  function findingOf(
    bundle: unknown,
    { publicKey }: KeyPair,
    options: VerifyOptions = {},
    evidence = asEvidence(bundle),
  ): string {
    const profile = loadTrustedRoot({
      name: 'mock',
      json: instance.trustedRoot(),
      keys: [pemOf(publicKey)],
    });
    const { facts, findings } = verifyEvidence(
      evidence,
      DIGEST,
      profile,
      options,
    );
    return facts ? 'none' : findings[0].code;
  }

  // The library hashes every envelope with SHA-256.
  it.each<[string, HashName, string]>([
    ['prime256v1', 'sha256', 'none'],
    ['prime256v1', 'sha384', 'signature-invalid'],
    ['prime256v1', 'sha512', 'signature-invalid'],
    ['secp384r1', 'sha384', 'format-unsupported'],
    ['secp384r1', 'sha256', 'none'],
    ['secp384r1', 'sha512', 'signature-invalid'],
    ['secp521r1', 'sha512', 'format-unsupported'],
    ['secp521r1', 'sha256', 'none'],
    ['secp521r1', 'sha384', 'signature-invalid'],
  ])(
    'trap 5: payloads signed on %s with %s: %s',
    async (curve, hash, finding) => {
      const keys = newKeys(curve);
      const options = { keys, keyed: true, hash };
      const envelope = await instance.signEnvelope(
        statementAbout(ARTIFACT),
        options,
      );
      expect(findingOf(envelope, keys)).toBe(finding);
      const payload = simplePayload(DIGEST);
      const simple = await instance.signMessage(payload, options);
      simple.messageSignature.messageDigest = {
        algorithm: 'SHA2_256',
        digest: createHash('sha256').update(payload).digest('base64'),
      };
      const evidence = asSimpleSigning(simple, payload);
      expect(findingOf(undefined, keys, {}, evidence)).toBe(finding);
    },
  );

  describe.each<HashName>(['sha384', 'sha512'])(
    'a signature over an artifact’s %s digest',
    hash => {
      const keys = newKeys('secp384r1');
      const signed = (bytes = ARTIFACT) =>
        instance.signMessage(bytes, { keys, keyed: true, hash });

      it('holds where that digest of the artifact is known', async () => {
        const bundle = await signed();
        const otherDigests = [hashOf(hash)];
        expect(findingOf(bundle, keys, { otherDigests })).toBe('none');
        expect(findingOf(bundle, keys, { bytes: ARTIFACT })).toBe('none');
      });

      it('cannot be bound where it is not', async () => {
        const bundle = await signed();
        expect(findingOf(bundle, keys)).toBe('format-unsupported');
        const otherDigests = [
          hashOf(hash).toUpperCase(),
          hashOf(hash).slice(0, -2),
          hash === 'sha384' ? hashOf('sha512') : hashOf('sha384'),
        ];
        expect(findingOf(bundle, keys, { otherDigests })).toBe(
          'format-unsupported',
        );
      });

      it('of another artifact does not hold', async () => {
        const bundle = await signed(OTHER);
        for (const options of [
          { otherDigests: [hashOf(hash)] },
          { bytes: ARTIFACT },
          // Digests that somebody says beside the bytes count for nothing.
          { bytes: ARTIFACT, otherDigests: [hashOf(hash, OTHER)] },
        ]) {
          expect(findingOf(bundle, keys, options)).toBe('artifact-mismatch');
        }
      });

      it('must be as long as its kind says', async () => {
        const bundle = await signed();
        bundle.messageSignature.messageDigest.algorithm = 'SHA2_256';
        expect(findingOf(bundle, keys, { bytes: ARTIFACT })).toBe(
          'evidence-malformed',
        );
      });
    },
  );

  it('other kinds of digests are not read, and are named', async () => {
    const keys = newKeys('prime256v1');
    const bundle = await instance.signMessage(ARTIFACT, { keys, keyed: true });
    for (const algorithm of ['SHA3_256', 'HASH_ALGORITHM_UNSPECIFIED']) {
      bundle.messageSignature.messageDigest.algorithm = algorithm;
      const profile = loadTrustedRoot({
        name: 'mock',
        json: instance.trustedRoot(),
        keys: [pemOf(keys.publicKey)],
      });
      const [finding] = verifyEvidence(
        asEvidence(bundle),
        DIGEST,
        profile,
      ).findings;
      expect(finding.code).toBe('format-unsupported');
      expect(finding.detail).toContain(algorithm);
    }
  });

  it('bytes that the digest does not name are another artifact', async () => {
    const keys = newKeys('prime256v1');
    for (const bundle of [
      await instance.signMessage(ARTIFACT, { keys, keyed: true }),
      await instance.signEnvelope(statementAbout(ARTIFACT), {
        keys,
        keyed: true,
      }),
    ]) {
      expect(findingOf(bundle, keys, { bytes: ARTIFACT })).toBe('none');
      expect(findingOf(bundle, keys, { bytes: OTHER })).toBe(
        'artifact-mismatch',
      );
    }
  });
});
