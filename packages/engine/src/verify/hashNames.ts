import { HashAlgorithm } from '@sigstore/protobuf-specs';

/** The hash functions that signatures are made over, as Node calls them. */
export type HashName = 'sha256' | 'sha384' | 'sha512';

/** Bytes of a digest, by hash function. */
export const DIGEST_BYTES: Record<HashName, number> = {
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

const NAMES = new Map<HashAlgorithm, HashName>([
  [HashAlgorithm.SHA2_256, 'sha256'],
  [HashAlgorithm.SHA2_384, 'sha384'],
  [HashAlgorithm.SHA2_512, 'sha512'],
]);

/** The hash function of a message digest; undefined for any that is not read. */
export function hashNameOf(algorithm: HashAlgorithm): HashName | undefined {
  return NAMES.get(algorithm);
}

/** The hash function whose digests have this length. */
export function hashNameByLength(bytes: number): HashName | undefined {
  const names = Object.keys(DIGEST_BYTES) as HashName[];
  return names.find(name => DIGEST_BYTES[name] === bytes);
}
