import { createHash } from 'crypto';

/**
 * What is known of an artifact besides its SHA-256 digest.
 *
 * @public
 */
export type VerifyOptions = {
  /**
   * `sha384:…` and `sha512:…` of the same bytes, if known: statements about npm
   * packages name nothing else.
   */
  otherDigests?: readonly string[];
  /**
   * The artifact's own bytes, where the caller has them. Some signatures cannot
   * be verified from a digest.
   */
  bytes?: Uint8Array;
};

/** The artifact that evidence should be about. */
export type Artifact = {
  /** Digests in hexadecimal by algorithm, `sha256` among them. */
  digests: ReadonlyMap<string, string>;
  /** There only when they are the bytes that the SHA-256 digest names. */
  bytes?: Buffer;
  /** The digest of bytes that came along and are those of another artifact. */
  foreignBytes?: string;
};

const DIGEST = /^(sha256):([0-9a-f]{64})$/;
const OTHER_DIGEST = /^(sha384|sha512):((?:[0-9a-f]{96}|[0-9a-f]{128}))$/;
const LENGTHS: Record<string, number> = { sha384: 96, sha512: 128 };

/**
 * Reads what a caller knows of an artifact. Where its bytes are there, the
 * other digests are taken from them and from nowhere else.
 *
 * @param artifactDigest - `sha256:…`; any other leaves the artifact without a
 *   digest
 */
export function readArtifact(
  artifactDigest: string,
  { otherDigests = [], bytes }: VerifyOptions,
): Artifact {
  const digests = new Map<string, string>();
  const [, algorithm, digest] = DIGEST.exec(artifactDigest) ?? [];
  if (algorithm) digests.set(algorithm, digest);
  if (bytes !== undefined) {
    const found = hash('sha256', bytes);
    if (found !== digest) return { digests, foreignBytes: `sha256:${found}` };
    for (const name of Object.keys(LENGTHS))
      digests.set(name, hash(name, bytes));
    return { digests, bytes: Buffer.from(bytes) };
  }
  for (const other of otherDigests) {
    const [, name, value] = OTHER_DIGEST.exec(other) ?? [];
    if (name && value.length === LENGTHS[name]) digests.set(name, value);
  }
  return { digests };
}

function hash(algorithm: string, bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}
