import { KeyObject } from 'crypto';
import { p256, p384, p521 } from '@noble/curves/nist';

const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521 };

type SupportedCurve = keyof typeof CURVES;

/**
 * Tells why signatures of a key cannot be verified from a digest alone;
 * undefined when they can.
 *
 * @param key - public key of the signer
 */
export function whyNotFromDigest(key: KeyObject): string | undefined {
  if (curveOf(key)) return undefined;
  if (key.asymmetricKeyType === 'ed25519') {
    return 'an Ed25519 signature is made over the whole artifact, which is not kept here; only its digest is';
  }
  return `signatures of ${key.asymmetricKeyType} keys are not verified from a digest`;
}

/**
 * Verifies an ECDSA signature (FIPS 186-5, DER form as in RFC 3279) from the
 * digest of the signed bytes, which Node's own crypto does not offer.
 *
 * @returns false for anything that is not a signature of this key
 */
export function verifyDigestSignature(
  key: KeyObject,
  digest: Buffer,
  signature: Buffer,
): boolean {
  const curve = curveOf(key);
  if (!curve) return false;
  const { x, y } = key.export({ format: 'jwk' });
  const point = Buffer.concat([
    Buffer.from([0x04]),
    Buffer.from(x ?? '', 'base64url'),
    Buffer.from(y ?? '', 'base64url'),
  ]);
  try {
    return CURVES[curve].verify(signature, digest, point, {
      prehash: false,
      lowS: false,
      format: 'der',
    });
  } catch {
    return false;
  }
}

function curveOf(key: KeyObject): SupportedCurve | undefined {
  if (key.asymmetricKeyType !== 'ec') return undefined;
  const { crv } = key.export({ format: 'jwk' });
  return crv !== undefined && crv in CURVES
    ? (crv as SupportedCurve)
    : undefined;
}
