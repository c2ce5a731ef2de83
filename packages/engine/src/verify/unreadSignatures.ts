import { KeyObject, createHash } from 'crypto';
import { crypto } from '@sigstore/core';
import { verifyEd25519phFromDigest } from './ed25519phFromDigest';
import { HashName, hashNameByLength } from './hashNames';

/** What Sigstore's algorithm registry prescribes, where the library has SHA-256. */
const PRESCRIBED: Record<string, { curve: string; hash: HashName }> = {
  secp384r1: { curve: 'P-384', hash: 'sha384' },
  secp521r1: { curve: 'P-521', hash: 'sha512' },
};

/**
 * Names the form of a signature over a payload that was made with the hash
 * function which belongs to the curve of its key.
 *
 * @param signed - the very bytes it was made over
 * @param what - what they are, in words
 * @returns undefined when this key made no such signature
 */
export function unreadPayloadSignature(
  key: KeyObject,
  signature: Buffer,
  signed: Buffer,
  what: string,
): string | undefined {
  const { namedCurve = 'none' } = key.asymmetricKeyDetails ?? {};
  const prescribed = PRESCRIBED[namedCurve];
  if (!prescribed) return undefined;
  const { curve, hash } = prescribed;
  return crypto.verify(signed, key, signature, hash)
    ? `made with ${wordsFor(hash)} by a ${curve} key over ${what}`
    : undefined;
}

/**
 * Names the kind of an Ed25519 signature over an artifact or a payload.
 *
 * @param sha512 - the SHA-512 digest of what was signed, where it is known
 * @param bytes - what was signed, where it is at hand
 * @returns undefined when this key made no such signature
 */
export function unreadEd25519Signature(
  key: KeyObject,
  signature: Buffer,
  { sha512, bytes }: { sha512?: Buffer; bytes?: Buffer },
): string | undefined {
  if (key.asymmetricKeyType !== 'ed25519') return undefined;
  const { x = '' } = key.export({ format: 'jwk' });
  const point = Buffer.from(x, 'base64url');
  if (sha512 && verifyEd25519phFromDigest(point, sha512, signature)) {
    return 'an Ed25519ph signature without an envelope';
  }
  return bytes && crypto.verify(bytes, key, signature)
    ? 'an Ed25519 signature without an envelope'
    : undefined;
}

/**
 * Names the form of a signature in an envelope that was made over the payload
 * alone.
 *
 * @returns undefined when this key made no such signature
 */
export function unreadSignatureOfPayload(
  key: KeyObject,
  signature: Buffer,
  payload: Buffer,
): string | undefined {
  return crypto.verify(payload, key, signature)
    ? 'made over the payload alone, without the encoding of an envelope'
    : undefined;
}

/** The same of a digest in a log entry. */
export function unreadPayloadDigest(digest: Buffer, payload: Buffer) {
  return crypto.bufferEqual(digest, crypto.digest('sha256', payload))
    ? 'recorded in the log by the digest of the payload alone'
    : undefined;
}

/**
 * Names the kind of digest by which a log entry records signed bytes.
 *
 * @returns undefined when it is not one of a stronger kind than SHA-256, or
 *   not theirs
 */
export function unreadDigest(digest: Buffer, signed: Buffer) {
  const hash = hashNameByLength(digest.length);
  if (!hash || hash === 'sha256') return undefined;
  return crypto.bufferEqual(digest, createHash(hash).update(signed).digest())
    ? `recorded in the log by a ${wordsFor(hash)} digest`
    : undefined;
}

function wordsFor(hash: HashName): string {
  return hash.replace('sha', 'SHA-');
}
