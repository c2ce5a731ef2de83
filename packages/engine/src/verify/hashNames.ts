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
