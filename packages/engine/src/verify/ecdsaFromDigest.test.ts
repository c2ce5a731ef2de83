import {
  KeyObject,
  createHash,
  generateKeyPairSync,
  sign,
  verify,
} from 'crypto';
import { invert, mod } from '@noble/curves/abstract/modular';
import { p256 } from '@noble/curves/nist';
import fc from 'fast-check';
import { NistCurve, verifyEcdsaFromDigest } from './ecdsaFromDigest';

const NAMES: Record<NistCurve, string> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
};
const CURVES = Object.keys(NAMES) as NistCurve[];
const HASHES = ['sha256', 'sha384', 'sha512'];

function pointOf(key: KeyObject) {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return { x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url') };
}

function attempt(action: () => boolean): boolean {
  try {
    return action();
  } catch {
    return false;
  }
}

describe('verifyEcdsaFromDigest', () => {
  const keys = Object.fromEntries(
    CURVES.map(curve => [
      curve,
      generateKeyPairSync('ec', { namedCurve: NAMES[curve] }),
    ]),
  );

  it.each(CURVES.flatMap(curve => HASHES.map(hash => [curve, hash] as const)))(
    'accepts on %s with %s what Node accepts, changed or not',
    (curve, hash) => {
      const { publicKey, privateKey } = keys[curve];
      let accepted = 0;
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 40 }),
          fc.option(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
            freq: 1,
          }),
          fc.boolean(),
          (bytes, change, otherBytes) => {
            const signature = sign(hash, bytes, privateKey);
            if (change) {
              const [at, flip] = change;
              signature[at % signature.length] ^= flip;
            }
            const signed = otherBytes
              ? Buffer.concat([bytes, bytes, Buffer.of(1)])
              : bytes;
            const digest = createHash(hash).update(signed).digest();

            const result = attempt(() =>
              verifyEcdsaFromDigest(
                curve,
                pointOf(publicKey),
                digest,
                signature,
              ),
            );

            expect(result).toBe(verify(hash, signed, publicKey, signature));
            if (result) accepted += 1;
          },
        ),
        { numRuns: 60 },
      );
      expect(accepted).toBeGreaterThan(0);
    },
  );

  describe('where the points cannot be added', () => {
    const { n } = p256.CURVE;
    const secret = 1234567n;
    const nonce = 987654321n;
    const q = p256.ProjectivePoint.BASE.multiply(secret).toAffine();
    const key = { x: bytes(q.x), y: bytes(q.y) };
    const r = mod(p256.ProjectivePoint.BASE.multiply(nonce).toAffine().x, n);

    function bytes(number: bigint): Buffer {
      return Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
    }

    const sOf = (e: bigint) => mod(invert(nonce, n) * (e + r * secret), n);

    function signed(e: bigint): Buffer {
      return Buffer.from(new p256.Signature(r, sOf(e)).toDERHex(), 'hex');
    }

    it.each([
      ['the digest is zero', 0n],
      ['both are the same point', mod(r * secret, n)],
    ])('accepts a signature: %s', (_, e) => {
      expect(verifyEcdsaFromDigest('P-256', key, bytes(e), signed(e))).toBe(
        true,
      );
      const other = signed(e + 1n);
      expect(verifyEcdsaFromDigest('P-256', key, bytes(e), other)).toBe(false);
    });

    it('refuses when one is the opposite of the other', () => {
      const e = mod(-r * secret, n);
      const signature = signed(5n);
      expect(verifyEcdsaFromDigest('P-256', key, bytes(e), signature)).toBe(
        false,
      );
    });

    it.each([
      [0n, 1n],
      [1n, 0n],
      [n, 1n],
      [1n, n],
      // The same numbers as of a signature, but for the order of the curve.
      [r, sOf(1n) + n],
      [r + n, sOf(1n)],
    ])('refuses numbers that are none of the curve', (first, second) => {
      const integers = [first, second].map(number => {
        const hex = number.toString(16);
        const even = hex.length % 2 ? `0${hex}` : hex;
        const content = /^[89a-f]/.test(even) ? `00${even}` : even;
        return `02${(content.length / 2)
          .toString(16)
          .padStart(2, '0')}${content}`;
      });
      const body = integers.join('');
      const der = `30${(body.length / 2).toString(16).padStart(2, '0')}${body}`;

      expect(
        attempt(() =>
          verifyEcdsaFromDigest(
            'P-256',
            key,
            bytes(1n),
            Buffer.from(der, 'hex'),
          ),
        ),
      ).toBe(false);
    });
  });
});
