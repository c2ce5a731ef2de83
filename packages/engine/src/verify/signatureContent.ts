import { KeyObject, createHash } from 'crypto';
import { Bundle } from '@sigstore/bundle';
import { crypto, dsse } from '@sigstore/core';
import { SignedEntity } from '@sigstore/verify';
import { FailedCheck } from './FailedCheck';
import { Artifact } from './artifact';
import { verifyDigestSignature, whyNotFromDigest } from './digestSignature';
import { SignedContent } from './evidence';
import { hashNameByLength, payloadHashes } from './hashNames';

/** The library's view of a signature and what it was made over. */
export type SignatureContent = SignedEntity['signature'];

/** A signature that can also tell which keys it cannot be verified with. */
export type Signature = SignatureContent & {
  /** Undefined where a signature of this key can be verified. */
  obstacleOf(key: KeyObject): string | undefined;
};

type Message = Extract<SignedContent, { type: 'message-signature' }>;

/** A bare signature over an artifact, verified from the digest in the bundle. */
class MessageSignature implements Signature {
  readonly signature: Buffer;
  readonly #message: Message;
  readonly #artifact: Artifact;

  constructor(signature: Buffer, message: Message, artifact: Artifact) {
    this.signature = signature;
    this.#message = message;
    this.#artifact = artifact;
  }

  /** @throws FailedCheck when the bytes at hand are those of another artifact */
  obstacleOf(key: KeyObject): string | undefined {
    if (key.asymmetricKeyType !== 'ed25519') return whyNotFromDigest(key);
    // The kind over a digest holds without the bytes; if it does not, it may
    // be the other kind.
    if (this.#bytes() || this.verifySignature(key)) return undefined;
    if (!this.#artifact.bytes) return whyNotFromDigest(key);
    throw new FailedCheck(
      'artifact-mismatch',
      'the signature says it is over another digest',
    );
  }

  compareSignature(signature: Buffer): boolean {
    return crypto.bufferEqual(signature, this.signature);
  }

  compareDigest(digest: Buffer): boolean {
    return crypto.bufferEqual(digest, this.#message.digest);
  }

  compareSignedDigest(digest: Buffer): boolean {
    return this.compareDigest(digest);
  }

  verifySignature(key: KeyObject): boolean {
    const { hash, digest } = this.#message;
    const bytes = this.#bytes();
    const isEd25519 = key.asymmetricKeyType === 'ed25519';
    if (bytes && !isEd25519) {
      return crypto.verify(bytes, key, this.signature, hash);
    }
    return (
      verifyDigestSignature(key, hash, digest, this.signature) ||
      (isEd25519 && bytes && crypto.verify(bytes, key, this.signature)) === true
    );
  }

  /** The bytes that the digest in the bundle names, where they are at hand. */
  #bytes(): Buffer | undefined {
    const { hash, digest } = this.#message;
    const { bytes, digests } = this.#artifact;
    return digests.get(hash) === digest.toString('hex') ? bytes : undefined;
  }
}

/** A signature over bytes that are at hand: an envelope or a payload. */
class PayloadSignature implements Signature {
  readonly signature: Buffer;
  readonly #signed: Buffer;
  readonly #payload: Buffer;
  readonly #claimedDigest: Buffer | undefined;

  /**
   * @param signed - the very bytes the signature was made over
   * @param payload - the part of them that older log entries hash
   * @param claimedDigest - what the bundle says `signed` hashes to, if it does
   */
  constructor(
    signature: Buffer,
    signed: Buffer,
    payload: Buffer,
    claimedDigest?: Buffer,
  ) {
    this.signature = signature;
    this.#signed = signed;
    this.#payload = payload;
    this.#claimedDigest = claimedDigest;
  }

  obstacleOf(): undefined {
    return undefined;
  }

  compareSignature(signature: Buffer): boolean {
    return crypto.bufferEqual(signature, this.signature);
  }

  compareDigest(digest: Buffer): boolean {
    return crypto.bufferEqual(digest, crypto.digest('sha256', this.#payload));
  }

  compareSignedDigest(digest: Buffer): boolean {
    return isDigestOf(digest, this.#signed);
  }

  verifySignature(key: KeyObject): boolean {
    if (this.#claimedDigest && !this.compareSignedDigest(this.#claimedDigest)) {
      return false;
    }
    return payloadHashes(key).some(hash =>
      crypto.verify(this.#signed, key, this.signature, hash),
    );
  }
}

/**
 * Builds what the library verifies a signature with. The artifact's bytes are
 * needed for few keys only: where the key allows it, a bare signature over an
 * artifact is verified from its digest.
 */
export function signatureContent(
  bundle: Bundle,
  content: SignedContent,
  artifact: Artifact,
): Signature {
  const signature = signatureBytes(bundle);
  switch (content.type) {
    case 'message-signature':
      return new MessageSignature(signature, content, artifact);
    case 'simple-signing': {
      const { payload, digest } = content;
      return new PayloadSignature(signature, payload, payload, digest);
    }
    default: {
      const { payloadType, payload } = content;
      const signed = dsse.preAuthEncoding(payloadType, payload);
      return new PayloadSignature(signature, signed, payload);
    }
  }
}

function signatureBytes({ content }: Bundle): Buffer {
  return content.$case === 'dsseEnvelope'
    ? content.dsseEnvelope.signatures[0].sig
    : content.messageSignature.signature;
}

function isDigestOf(digest: Buffer, bytes: Buffer): boolean {
  const hash = hashNameByLength(digest.length);
  return (
    hash !== undefined &&
    crypto.bufferEqual(digest, createHash(hash).update(bytes).digest())
  );
}
