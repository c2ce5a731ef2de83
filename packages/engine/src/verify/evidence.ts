import {
  BUNDLE_V01_MEDIA_TYPE,
  BUNDLE_V02_MEDIA_TYPE,
  BUNDLE_V03_LEGACY_MEDIA_TYPE,
  BUNDLE_V03_MEDIA_TYPE,
  Bundle,
  ValidationError,
  bundleFromJSON,
} from '@sigstore/bundle';
import { hashAlgorithmToJSON } from '@sigstore/protobuf-specs';
import { isSimpleSigning } from '../collect/evidence';
import { FailedCheck } from './FailedCheck';
import { DIGEST_BYTES, HashName, hashNameOf } from './hashNames';

/**
 * Evidence as it was found.
 *
 * @public
 */
export type Evidence = {
  /** `sha256:` and the digest of `bytes`. */
  digest: string;
  /** For showing it; `bytes` alone tell how they are read. */
  mediaType: string;
  bytes: Uint8Array;
};

/** What the signature in a piece of evidence was made over. */
export type SignedContent =
  | { type: 'message-signature'; hash: HashName; digest: Buffer }
  | { type: 'simple-signing'; payload: Buffer; digest: Buffer }
  | { type: 'in-toto'; payloadType: string; payload: Buffer }
  | { type: 'enveloped-simple-signing'; payloadType: string; payload: Buffer };

/** The JSON of a piece of evidence, before anything in it is interpreted. */
export type EvidenceJson = { bundle: unknown; payload?: Buffer };

/** Cosign's payload in an envelope, as Tekton Chains writes it, now and before. */
const SIMPLE_SIGNING_PAYLOADS = [
  'application/vnd.dev.cosign.simplesigning.v1+json',
  'application/vnd.dev.cosign.simple.signing.v1+json',
];

const BUNDLE_MEDIA_TYPES = [
  BUNDLE_V01_MEDIA_TYPE,
  BUNDLE_V02_MEDIA_TYPE,
  BUNDLE_V03_LEGACY_MEDIA_TYPE,
  BUNDLE_V03_MEDIA_TYPE,
];

/**
 * Parses evidence as its own form tells how, whatever media type it came with.
 *
 * @throws FailedCheck
 */
export function parseEvidence(evidence: Evidence): EvidenceJson {
  const json = parseJsonObject(Buffer.from(evidence.bytes));
  if (!isSimpleSigning(json)) return { bundle: json };
  if (typeof json.payload !== 'string') {
    throw new FailedCheck('evidence-malformed', 'the signed payload is absent');
  }
  return { bundle: json.bundle, payload: Buffer.from(json.payload, 'base64') };
}

/**
 * Reads a bundle of one of the known versions by Sigstore's bundle format.
 *
 * @throws FailedCheck
 */
export function readBundle({ bundle: json, payload }: EvidenceJson): {
  bundle: Bundle;
  content: SignedContent;
} {
  const mediaType = (json as { mediaType?: unknown } | null)?.mediaType;
  if (typeof mediaType !== 'string') {
    throw new FailedCheck('evidence-malformed', 'the bundle has no media type');
  }
  if (!BUNDLE_MEDIA_TYPES.includes(mediaType)) {
    throw new FailedCheck(
      'format-unsupported',
      `the bundle's media type is ${mediaType}`,
    );
  }
  let bundle: Bundle;
  try {
    bundle = bundleFromJSON(json);
  } catch (error) {
    const fields =
      error instanceof ValidationError ? `: ${error.fields.join(', ')}` : '';
    throw new FailedCheck(
      'evidence-malformed',
      `the bundle does not follow its format${fields}`,
    );
  }
  return { bundle, content: readContent(bundle, payload) };
}

function readContent(bundle: Bundle, payload?: Buffer): SignedContent {
  if (bundle.content.$case === 'dsseEnvelope') {
    if (payload !== undefined) {
      throw new FailedCheck(
        'evidence-malformed',
        'a simple-signing payload comes with an envelope instead of a signature',
      );
    }
    const { payloadType, payload: signed } = bundle.content.dsseEnvelope;
    const type = SIMPLE_SIGNING_PAYLOADS.includes(payloadType)
      ? 'enveloped-simple-signing'
      : 'in-toto';
    return { type, payloadType, payload: signed };
  }
  const { algorithm, digest } = bundle.content.messageSignature.messageDigest;
  const hash = hashNameOf(algorithm);
  if (!hash || (payload !== undefined && hash !== 'sha256')) {
    throw new FailedCheck(
      'format-unsupported',
      `the signature is over a digest of the kind ${hashAlgorithmToJSON(
        algorithm,
      )}`,
    );
  }
  if (digest.length !== DIGEST_BYTES[hash]) {
    throw new FailedCheck(
      'evidence-malformed',
      'the signed digest does not have the length of its kind',
    );
  }
  return payload === undefined
    ? { type: 'message-signature', hash, digest }
    : { type: 'simple-signing', payload, digest };
}

function parseJsonObject(bytes: Buffer): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new FailedCheck('evidence-malformed', 'it is not JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new FailedCheck('evidence-malformed', 'it is not a JSON object');
  }
  return json as Record<string, unknown>;
}

/**
 * Says what kind of signed content a piece of evidence carries, for showing it
 * raw. Verifies nothing and claims nothing about a signer. Never throws.
 *
 * @public
 */
export function describeEvidence(evidence: Evidence): {
  contentType: 'message-signature' | 'simple-signing' | 'in-toto' | 'unknown';
  bundleJson?: unknown;
} {
  let bundleJson: unknown;
  try {
    const json = parseEvidence(evidence);
    bundleJson = json.bundle;
    const { type } = readBundle(json).content;
    const contentType =
      type === 'enveloped-simple-signing' ? 'simple-signing' : type;
    return { contentType, bundleJson };
  } catch {
    return { contentType: 'unknown', bundleJson };
  }
}
