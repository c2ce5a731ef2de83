import { KeyObject, createHash } from 'crypto';
import { Bundle } from '@sigstore/bundle';
import { crypto } from '@sigstore/core';
import { SignedEntity, toSignedEntity } from '@sigstore/verify';
import { FailedCheck } from './FailedCheck';
import { verifyDigestSignature, whyNotFromDigest } from './digestSignature';
import { SignedContent } from './evidence';

/** The library's view of a signature and what it was made over. */
export type SignatureContent = SignedEntity['signature'];

class DigestSignature implements SignatureContent {
  readonly signature: Buffer;
  readonly #digest: Buffer;

  constructor(signature: Buffer, digest: Buffer) {
    this.signature = signature;
    this.#digest = digest;
  }

  compareSignature(signature: Buffer): boolean {
    return crypto.bufferEqual(signature, this.signature);
  }

  compareDigest(digest: Buffer): boolean {
    return crypto.bufferEqual(digest, this.#digest);
  }

  compareSignedDigest(digest: Buffer): boolean {
    return this.compareDigest(digest);
  }

  verifySignature(key: KeyObject): boolean {
    return verifyDigestSignature(key, this.#digest, this.signature);
  }
}

class PayloadSignature extends DigestSignature {
  readonly #payload: Buffer;
  readonly #claimedDigest: Buffer;

  constructor(signature: Buffer, payload: Buffer, claimedDigest: Buffer) {
    super(signature, createHash('sha256').update(payload).digest());
    this.#payload = payload;
    this.#claimedDigest = claimedDigest;
  }

  verifySignature(key: KeyObject): boolean {
    return (
      this.compareDigest(this.#claimedDigest) &&
      crypto.verify(this.#payload, key, this.signature, 'sha256')
    );
  }
}

/**
 * Builds what the library verifies a signature with. A bare signature over an
 * artifact is verified from the digest in the bundle, so that the artifact's
 * bytes are never needed.
 *
 * @param key - key of the signing certificate
 * @throws FailedCheck with `format-unsupported` when this key's signatures
 *   cannot be verified from a digest
 */
export function signatureContent(
  bundle: Bundle,
  content: SignedContent,
  key: KeyObject,
): SignatureContent {
  if (bundle.content.$case === 'dsseEnvelope') {
    return toSignedEntity(withoutProofs(bundle)).signature;
  }
  const signature = bundle.content.messageSignature.signature;
  if (content.type === 'simple-signing') {
    return new PayloadSignature(signature, content.payload, content.digest);
  }
  if (content.type !== 'message-signature') {
    throw new FailedCheck('evidence-malformed', 'the content is not signed');
  }
  const obstacle = whyNotFromDigest(key);
  if (obstacle) throw new FailedCheck('format-unsupported', obstacle);
  return new DigestSignature(signature, content.digest);
}

/** Proofs are read one by one elsewhere, so that a bad one is told apart. */
function withoutProofs(bundle: Bundle): Bundle {
  return {
    ...bundle,
    verificationMaterial: {
      ...bundle.verificationMaterial,
      tlogEntries: [],
      timestampVerificationData: undefined,
    },
  };
}
