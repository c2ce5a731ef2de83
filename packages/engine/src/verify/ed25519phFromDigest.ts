import { createHash } from 'crypto';
import { eddsa } from '@noble/curves/abstract/edwards';
import { ed25519 } from '@noble/curves/ed25519';

/** What Ed25519ph hashes before everything else, without context (dom2). */
const DOMAIN = Buffer.concat([
  Buffer.from('SigEd25519 no Ed25519 collisions', 'ascii'),
  Buffer.from([1, 0]),
]);

const fromDigest = eddsa(
  ed25519.Point,
  message => createHash('sha512').update(message).digest(),
  {
    domain: data => Buffer.concat([DOMAIN, data]),
    // What comes in is the digest already.
    prehash: digest => Buffer.from(digest as Uint8Array),
  },
);

/**
 * Verifies an Ed25519ph signature (RFC 8032 §5.1) from the SHA-512 digest of
 * what was signed. Sigstore's signers make this kind over artifacts, because a
 * log sees no more than the digest; Node offers only the kind over all bytes.
 *
 * @param publicKey - its 32 bytes
 * @returns false for anything that is not a signature of this key
 */
export function verifyEd25519phFromDigest(
  publicKey: Buffer,
  digest: Buffer,
  signature: Buffer,
): boolean {
  try {
    return fromDigest.verify(signature, digest, publicKey, { zip215: false });
  } catch {
    return false;
  }
}
