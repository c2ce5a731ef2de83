// Ed25519 and RSA up to 8192 bits: as long as their keys.
const KEY_SIZED = { step: 64, most: 1024 };
// ML-DSA-44, -65 and -87 (FIPS 204, table 2).
const ML_DSA_LENGTHS = [2420, 3309, 4627];
const SEQUENCE = 0x30;
const INTEGER = 0x02;

/**
 * Whether bytes have the form of a signature by an algorithm that Sigstore's
 * tools sign with: ECDSA in DER (RFC 3279 §2.2.3), or the length of another.
 * Words such as "Not Found" are base64 too once their spaces are taken out.
 */
export function isSignature(bytes: Buffer): boolean {
  const { length } = bytes;
  return (
    isEcdsa(bytes) ||
    ML_DSA_LENGTHS.includes(length) ||
    (length > 0 && length % KEY_SIZED.step === 0 && length <= KEY_SIZED.most)
  );
}

function isEcdsa(bytes: Buffer): boolean {
  // The length of the longest, of P-521, takes a byte of its own.
  const start = bytes[1] === 0x81 ? 3 : 2;
  return (
    bytes[0] === SEQUENCE &&
    bytes[start - 1] === bytes.length - start &&
    bytes[start] === INTEGER
  );
}
