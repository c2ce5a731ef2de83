import { KeyObject, constants, publicDecrypt, timingSafeEqual } from 'crypto';
import {
  NistCurve,
  nistCurveOf,
  verifyEcdsaFromDigest,
} from './ecdsaFromDigest';
import { HashName } from './hashNames';

/** DER of a DigestInfo up to the digest itself (RFC 8017 §9.2, note 1). */
const DIGEST_INFO: Record<HashName, Buffer> = {
  sha256: Buffer.from('3031300d060960864801650304020105000420', 'hex'),
  sha384: Buffer.from('3041300d060960864801650304020205000430', 'hex'),
  sha512: Buffer.from('3051300d060960864801650304020305000440', 'hex'),
};

/**
 * Tells why not every signature of a key can be verified from a digest alone;
 * undefined when each can.
 *
 * @param key - public key of the signer
 */
export function whyNotFromDigest(key: KeyObject): string | undefined {
  if (key.asymmetricKeyType === 'rsa' || curveOf(key)) return undefined;
  if (key.asymmetricKeyType === 'ed25519') {
    return 'an Ed25519 signature is made over the whole artifact, and only its digest is here';
  }
  return `signatures of ${key.asymmetricKeyType} keys are not verified from a digest`;
}

/**
 * Verifies a signature from the digest of the signed bytes, which Node's own
 * crypto does not offer: ECDSA (FIPS 186-5, DER form as in RFC 3279) and
 * RSASSA-PKCS1-v1_5 (RFC 8017).
 *
 * @param hash - the function that `digest` comes from
 * @returns false for anything that is not a signature of this key
 */
export function verifyDigestSignature(
  key: KeyObject,
  hash: HashName,
  digest: Buffer,
  signature: Buffer,
): boolean {
  try {
    if (key.asymmetricKeyType === 'rsa') {
      const info = Buffer.concat([DIGEST_INFO[hash], digest]);
      return verifyRsa(key, info, signature);
    }
    return verifyEcdsa(key, digest, signature);
  } catch {
    return false;
  }
}

function verifyEcdsa(
  key: KeyObject,
  digest: Buffer,
  signature: Buffer,
): boolean {
  const curve = curveOf(key);
  if (!curve) return false;
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const point = {
    x: Buffer.from(x, 'base64url'),
    y: Buffer.from(y, 'base64url'),
  };
  return verifyEcdsaFromDigest(curve, point, digest, signature);
}

/**
 * The whole encoded message is compared, padding and all (RFC 8017 §8.2.2): a
 * parser of the padding could be led astray, a comparison cannot.
 */
function verifyRsa(key: KeyObject, info: Buffer, signature: Buffer): boolean {
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  const length = Math.ceil(modulusLength / 8);
  if (signature.length !== length) return false;
  const expected = Buffer.concat([
    Buffer.from([0x00, 0x01]),
    Buffer.alloc(length - info.length - 3, 0xff),
    Buffer.from([0x00]),
    info,
  ]);
  const padding = constants.RSA_NO_PADDING;
  return timingSafeEqual(publicDecrypt({ key, padding }, signature), expected);
}

function curveOf(key: KeyObject): NistCurve | undefined {
  const { namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  return nistCurveOf(namedCurve);
}
