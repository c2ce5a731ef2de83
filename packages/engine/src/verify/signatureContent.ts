import { KeyObject } from 'crypto';
import { Bundle } from '@sigstore/bundle';
import { crypto, dsse } from '@sigstore/core';
import { SignedEntity, toSignedEntity } from '@sigstore/verify';
import { FailedCheck } from './FailedCheck';
import { Artifact } from './artifact';
import { verifyDigestSignature, whyNotFromDigest } from './digestSignature';
import { SignedContent } from './evidence';
import {
  unreadDigest,
  unreadEd25519Signature,
  unreadPayloadDigest,
  unreadPayloadSignature,
  unreadSignatureOfPayload,
} from './unreadSignatures';

/** The library's view of a signature and what it was made over. */
export type SignatureContent = SignedEntity['signature'];

/** A signature, and what can be told of it where the library refuses it. */
export type Signature = {
  /** As the library reads it; facts come of nothing else. */
  content: SignatureContent;
  /** Why it cannot be told whether a key made it; undefined where it can. */
  obstacleOf(key: KeyObject): string | undefined;
  /** The form in which a key did make it, but which the library refuses. */
  unreadForm(key: KeyObject): string | undefined;
  /** The same of a digest in a log entry: of what was signed, but refused. */
  unreadDigest(digest: Buffer): string | undefined;
};

/**
 * Builds what the library verifies a signature with: its own view of it. The
 * artifact's bytes are needed for few keys only: where they are not at hand
 * and the key allows it, a bare signature is verified from its digest.
 */
export function signatureContent(
  bundle: Bundle,
  content: SignedContent,
  artifact: Artifact,
): Signature {
  switch (content.type) {
    case 'message-signature':
      return messageSignature(bundle, content, artifact);
    case 'simple-signing':
      return simpleSigning(bundle, content);
    case 'enveloped-simple-signing':
      return envelopedSimpleSigning(bundle, content);
    default:
      return envelope(bundle, content);
  }
}

function messageSignature(
  bundle: Bundle,
  message: Extract<SignedContent, { type: 'message-signature' }>,
  artifact: Artifact,
): Signature {
  const { hash, digest } = message;
  const isOfArtifact = artifact.digests.get(hash) === digest.toString('hex');
  const bytes = isOfArtifact ? artifact.bytes : undefined;
  const content = libraryContent(bundle, bytes);
  const { signature } = content;
  if (!bytes) {
    content.verifySignature = key =>
      verifyDigestSignature(key, hash, digest, signature);
  }
  const unreadForm = (key: KeyObject) =>
    unreadEd25519Signature(key, signature, {
      sha512: hash === 'sha512' ? digest : undefined,
      bytes,
    });
  return {
    content,
    unreadForm,
    unreadDigest: () => undefined,
    obstacleOf(key) {
      const obstacle = whyNotFromDigest(key);
      if (!obstacle || key.asymmetricKeyType !== 'ed25519') return obstacle;
      if (bytes || unreadForm(key)) return undefined;
      if (!artifact.bytes) return obstacle;
      throw new FailedCheck(
        'artifact-mismatch',
        'the signature says it is over another digest',
      );
    },
  };
}

/** To the library, the payload is an artifact whose bytes are at hand. */
function simpleSigning(
  bundle: Bundle,
  { payload, digest }: Extract<SignedContent, { type: 'simple-signing' }>,
): Signature {
  const content = libraryContent(bundle, payload);
  const { signature } = content;
  const actual = crypto.digest('sha256', payload);
  const isSaid = crypto.bufferEqual(digest, actual);
  const verify = content.verifySignature.bind(content);
  content.verifySignature = key => isSaid && verify(key);
  content.compareSignedDigest = other => crypto.bufferEqual(other, actual);
  return {
    content,
    obstacleOf: () => undefined,
    unreadForm: key =>
      isSaid
        ? unreadPayloadSignature(key, signature, payload, 'a payload') ??
          unreadEd25519Signature(key, signature, {
            sha512: crypto.digest('sha512', payload),
            bytes: payload,
          })
        : undefined,
    unreadDigest: other => unreadDigest(other, payload),
  };
}

type Enveloped = Extract<SignedContent, { payloadType: string }>;

/**
 * An envelope whose payload was signed as it is, and not in the encoding of an
 * envelope, is what Tekton Chains makes. The library refuses it, and rightly: of
 * which type the payload is, nobody signed.
 */
function envelopedSimpleSigning(
  bundle: Bundle,
  content: Extract<SignedContent, { type: 'enveloped-simple-signing' }>,
): Signature {
  const signature = envelope(bundle, content);
  const { payload } = content;
  return {
    ...signature,
    unreadForm: key =>
      signature.unreadForm(key) ??
      unreadSignatureOfPayload(key, signature.content.signature, payload),
    unreadDigest: digest =>
      signature.unreadDigest(digest) ?? unreadPayloadDigest(digest, payload),
  };
}

function envelope(
  bundle: Bundle,
  { payloadType, payload }: Pick<Enveloped, 'payloadType' | 'payload'>,
): Signature {
  const content = libraryContent(bundle);
  const { signature } = content;
  const signed = () => dsse.preAuthEncoding(payloadType, payload);
  return {
    content,
    obstacleOf: () => undefined,
    unreadForm: key =>
      unreadPayloadSignature(key, signature, signed(), 'an envelope'),
    unreadDigest: digest => unreadDigest(digest, signed()),
  };
}

/** The library makes it together with all else; of that it gets nothing here. */
function libraryContent(bundle: Bundle, bytes?: Buffer): SignatureContent {
  const verificationMaterial: Bundle['verificationMaterial'] = {
    content: { $case: 'publicKey', publicKey: { hint: '' } },
    tlogEntries: [],
    timestampVerificationData: undefined,
  };
  return toSignedEntity({ ...bundle, verificationMaterial } as Bundle, bytes)
    .signature;
}
