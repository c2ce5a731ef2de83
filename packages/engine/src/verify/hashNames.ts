import { KeyObject } from 'crypto';
import { HashAlgorithm } from '@sigstore/protobuf-specs';

/** The hash functions that signatures are made over, as Node calls them. */
export type HashName = 'sha256' | 'sha384' | 'sha512';

/** Bytes of a digest, by hash function. */
export const DIGEST_BYTES: Record<HashName, number> = {
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/** The hash function of a message digest; undefined for any that is not read. */
export function hashNameOf(algorithm: HashAlgorithm): HashName | undefined {
  switch (algorithm) {
    case HashAlgorithm.SHA2_256:
      return 'sha256';
    case HashAlgorithm.SHA2_384:
      return 'sha384';
    case HashAlgorithm.SHA2_512:
      return 'sha512';
    default:
      return undefined;
  }
}

/** The hash function whose digests have this length. */
export function hashNameByLength(bytes: number): HashName | undefined {
  const names = Object.keys(DIGEST_BYTES) as HashName[];
  return names.find(name => DIGEST_BYTES[name] === bytes);
}

/**
 * The hash functions that a key may sign a payload with, where the signature
 * does not say: the one that Sigstore's algorithm registry prescribes for its
 * curve, and SHA-256, which older signers and the library use for any.
 *
 * @returns undefined in place of a name where the key has its own way
 */
export function payloadHashes(key: KeyObject): (HashName | undefined)[] {
  if (key.asymmetricKeyType !== 'ec') return [undefined];
  switch (key.asymmetricKeyDetails?.namedCurve) {
    case 'secp384r1':
      return ['sha384', 'sha256'];
    case 'secp521r1':
      return ['sha512', 'sha256'];
    default:
      return ['sha256'];
  }
}
