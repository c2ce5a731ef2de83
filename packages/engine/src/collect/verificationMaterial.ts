import { BUNDLE_V01_MEDIA_TYPE, BUNDLE_V03_MEDIA_TYPE } from '@sigstore/bundle';
import { z } from 'zod/v4';

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
/** What older layouts of cosign keep beside a signature, each as they write it. */
export type SignatureParts = {
  /** PEM. */
  certificate?: string;
  /** JSON with `SignedEntryTimestamp` and `Payload`. */
  logEntry?: string;
  /** JSON with `SignedRFC3161Timestamp`. */
  timestamp?: string;
};

/**
 * Puts what comes with a signature into the form that bundles have it in, with
 * the media type of the version that fits: only the first one does without an
 * inclusion proof, and cosign's older layouts have none; without a log entry the
 * current version fits. Throws when a part cannot be read.
 */
export function verificationMaterial(parts: SignatureParts) {
  const { logEntry, timestamp } = parts;
  const tlogEntries = logEntry ? [readLogEntry(logEntry)] : [];
  const certificate = readCertificate(parts.certificate);
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
