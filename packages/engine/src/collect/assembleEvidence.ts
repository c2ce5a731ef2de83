import { createHash } from 'node:crypto';
import { BUNDLE_V01_MEDIA_TYPE, BUNDLE_V03_MEDIA_TYPE } from '@sigstore/bundle';
import { z } from 'zod/v4';

const SIGNATURE = 'dev.cosignproject.cosign/signature';
const CERTIFICATE = 'dev.sigstore.cosign/certificate';
const LOG_ENTRY = 'dev.sigstore.cosign/bundle';
const TIMESTAMP = 'dev.sigstore.cosign/rfc3161timestamp';

const logEntrySchema = z.object({
  SignedEntryTimestamp: z.base64().min(1),
  Payload: z.object({
    body: z.base64().min(1),
    integratedTime: z.number().int().min(0),
    logIndex: z.number().int().min(0),
    logID: z.hex().min(1),
  }),
});
const entryBodySchema = z.object({ kind: z.string(), apiVersion: z.string() });
const timestampSchema = z.object({
  SignedRFC3161Timestamp: z.base64().min(1),
});
const envelopeSchema = z.object({
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
      ...verificationMaterial(annotations),
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
      ...verificationMaterial(annotations),
      dsseEnvelope: { payload, payloadType, signatures },
    };
  });
  return bundle
    ? { mediaType: bundle.mediaType, bytes: toBytes(bundle) }
    : { mediaType: BUNDLE_V03_MEDIA_TYPE, bytes: envelope };
}

/**
 * Only the first bundle version does without an inclusion proof, and cosign's
 * older layout has none; without a log entry the current version fits.
 */
function verificationMaterial(annotations: LayerAnnotations) {
  const logEntry = annotations?.[LOG_ENTRY];
  const timestamp = annotations?.[TIMESTAMP];
  const tlogEntries = logEntry ? [readLogEntry(logEntry)] : [];
  const certificate = readCertificate(annotations?.[CERTIFICATE]);
  const isFirstVersion = tlogEntries.length > 0;
  return {
    mediaType: isFirstVersion ? BUNDLE_V01_MEDIA_TYPE : BUNDLE_V03_MEDIA_TYPE,
    verificationMaterial: {
      ...signerMaterial(certificate, isFirstVersion),
      tlogEntries,
      ...(timestamp
        ? { timestampVerificationData: readTimestamp(timestamp) }
        : {}),
    },
  };
}

/**
 * The chain that may lie beside the certificate is left out: who issued it is
 * for the trusted root to say.
 */
function signerMaterial(rawBytes: string | undefined, isFirstVersion: boolean) {
  if (!rawBytes) return { publicKey: { hint: '' } };
  return isFirstVersion
    ? { x509CertificateChain: { certificates: [{ rawBytes }] } }
    : { certificate: { rawBytes } };
}

function readCertificate(pem: string | undefined): string | undefined {
  if (!pem) return undefined;
  const [, body] =
    /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(
      pem,
    ) ?? [];
  return z.base64().min(1).parse(body?.replace(/\s/g, ''));
}

function readTimestamp(text: string) {
  const parsed = timestampSchema.parse(JSON.parse(text));
  return {
    rfc3161Timestamps: [{ signedTimestamp: parsed.SignedRFC3161Timestamp }],
  };
}

function readLogEntry(text: string) {
  const entry = logEntrySchema.parse(JSON.parse(text));
  const { body, integratedTime, logIndex, logID } = entry.Payload;
  const { kind, apiVersion } = entryBodySchema.parse(
    JSON.parse(Buffer.from(body, 'base64').toString('utf8')),
  );
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(logID, 'hex').toString('base64') },
    kindVersion: { kind, version: apiVersion },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp: entry.SignedEntryTimestamp },
    canonicalizedBody: body,
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
