import { createHash } from 'node:crypto';
import { BUNDLE_V03_MEDIA_TYPE } from '@sigstore/bundle';
import { z } from 'zod/v4';
import { verificationMaterial } from './verificationMaterial';

const SIGNATURE = 'dev.cosignproject.cosign/signature';
const CERTIFICATE = 'dev.sigstore.cosign/certificate';
const LOG_ENTRY = 'dev.sigstore.cosign/bundle';
const TIMESTAMP = 'dev.sigstore.cosign/rfc3161timestamp';

/** What cosign's older layout writes on a layer, as far as it is read. */
export const SIGNATURE_ANNOTATIONS = [
  SIGNATURE,
  CERTIFICATE,
  LOG_ENTRY,
  TIMESTAMP,
];

/** A DSSE envelope, as far as bundles have it. */
export const envelopeSchema = z.object({
  payload: z.string(),
  payloadType: z.string(),
  signatures: z.array(
    z.object({ sig: z.string(), keyid: z.string().optional() }),
  ),
});

/** Annotations of a layer in cosign's older layout. */
export type LayerAnnotations = Record<string, string> | null | undefined;

/**
 * Assembles what verification takes from a layer of a `.sig` tag: a bundle
 * with the signature over the payload, and the payload itself. Parts that
 * cannot be read leave `null` in place of the bundle, so that verification
 * says so.
 *
 * @param annotations - of the layer; they hold everything but the payload
 * @param payload - the bytes of the layer: what was signed
 */
export function assembleSimpleSigning(
  annotations: LayerAnnotations,
  payload: Buffer,
): Buffer {
  const bundle = orNull(() => {
    const signature = z.base64().min(1).parse(annotations?.[SIGNATURE]);
    const digest = createHash('sha256').update(payload).digest('base64');
    return {
      ...verificationMaterial(partsOf(annotations)),
      messageSignature: {
        messageDigest: { algorithm: 'SHA2_256', digest },
        signature,
      },
    };
  });
  return toBytes({ bundle, payload: payload.toString('base64') });
}

/**
 * Assembles a Sigstore bundle from a layer of an `.att` tag. What cannot be
 * read comes back as it is, so that verification says so.
 *
 * @param annotations - of the layer; they hold certificate, log entry and time
 * @param envelope - the bytes of the layer: a DSSE envelope
 */
export function assembleAttestation(
  annotations: LayerAnnotations,
  envelope: Buffer,
): { mediaType: string; bytes: Buffer } {
  const bundle = orNull(() => {
    const { payload, payloadType, signatures } = envelopeSchema.parse(
      JSON.parse(envelope.toString('utf8')),
    );
    return {
      ...verificationMaterial(partsOf(annotations)),
      dsseEnvelope: { payload, payloadType, signatures },
    };
  });
  return bundle
    ? { mediaType: bundle.mediaType, bytes: toBytes(bundle) }
    : { mediaType: BUNDLE_V03_MEDIA_TYPE, bytes: envelope };
}

function partsOf(annotations: LayerAnnotations) {
  return {
    certificate: annotations?.[CERTIFICATE],
    logEntry: annotations?.[LOG_ENTRY],
    timestamp: annotations?.[TIMESTAMP],
  };
}

function orNull<T>(assemble: () => T): T | null {
  try {
    return assemble();
  } catch {
    return null;
  }
}

function toBytes(json: unknown): Buffer {
  return Buffer.from(JSON.stringify(json), 'utf8');
}
