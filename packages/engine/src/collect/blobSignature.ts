import { BUNDLE_V03_MEDIA_TYPE } from '@sigstore/bundle';
import { z } from 'zod/v4';
import { envelopeSchema } from './assembleEvidence';
import { jsonObject } from './jsonObject';
import { isSignature } from './signatureForm';
import { SignatureParts, verificationMaterial } from './verificationMaterial';

const cosignBundleSchema = z.object({
  base64Signature: z.string(),
  cert: z.string().nullish(),
  rekorBundle: z.unknown().optional(),
});
const logBodySchema = z.object({
  kind: z.literal('hashedrekord'),
  spec: z.object({
    data: z.object({
      hash: z.object({ algorithm: z.literal('sha256'), value: z.hex() }),
    }),
  }),
});

/** Bytes made into evidence, or the name of a form that is not read. */
export type Assembled =
  | { mediaType: string; bytes: Buffer }
  | { unsupported: string };

// What else people keep in a file beside another that ends in `.sig`.
const OTHER_SIGNATURES: [RegExp, string][] = [
  [/^-----BEGIN PGP/, 'OpenPGP signature'],
  [/^-----BEGIN SSH SIGNATURE/, 'SSH signature'],
  [/^-----BEGIN (PKCS7|CMS)/, 'PKCS #7 signature'],
  [/^untrusted comment:/, 'minisign or signify signature'],
];

/**
 * Assembles a bundle from what `cosign sign-blob --output-signature` and
 * `--output-certificate` write, or `attest-blob` alike.
 *
 * @param signature - base64, of a signature or of a DSSE envelope; an envelope
 * may also stand there as it is
 * @param certificate - PEM, or base64 of it; absent where a key signed
 * @param artifactDigest - the file beside: what is claimed to be signed
 */
export function assembleSignatureFile(
  signature: Buffer,
  certificate: Buffer | undefined,
  artifactDigest: string,
): Assembled {
  const text = signature.toString('utf8').trim();
  const other = OTHER_SIGNATURES.find(([form]) => form.test(text));
  if (other) return { unsupported: other[1] };
  const value = envelopeIn(signature)
    ? Buffer.from(text).toString('base64')
    : text.replace(/\s/g, '');
  if (!z.base64().min(1).safeParse(value).success) {
    return { unsupported: 'signature file that is not base64' };
  }
  const decoded = Buffer.from(value, 'base64');
  if (!isSignature(decoded) && !envelopeIn(decoded)) {
    return { unsupported: 'signature file of a form that is not known' };
  }
  const pem = certificate && readPem(certificate.toString('utf8'));
  return assemble(value, { certificate: pem }, artifactDigest, signature);
}

/**
 * Assembles a bundle from what `cosign sign-blob --bundle` of versions 1 and 2
 * writes. Parts that cannot be read come back as they are, so that verification
 * says so.
 *
 * @param artifactDigest - as for `assembleSignatureFile`
 */
export function assembleCosignBundle(
  bytes: Buffer,
  artifactDigest: string,
): Assembled {
  const read = cosignBundleSchema.safeParse(jsonObject(bytes));
  if (!read.success) return { mediaType: BUNDLE_V03_MEDIA_TYPE, bytes };
  const { base64Signature, cert, rekorBundle } = read.data;
  const parts: SignatureParts = {
    certificate: cert ? readPem(cert) : undefined,
    logEntry: rekorBundle ? JSON.stringify(rekorBundle) : undefined,
  };
  return assemble(base64Signature, parts, artifactDigest, bytes);
}

/** The signature in what cosign 1 and 2 wrote, to know it again. */
export function signatureIn(bytes: Buffer): string | undefined {
  const read = cosignBundleSchema.safeParse(jsonObject(bytes));
  return read.success ? read.data.base64Signature : undefined;
}

/**
 * Assembles a bundle from a DSSE envelope that carries its certificate with its
 * signature, as the SLSA generators for GitHub write it. Nothing else says who
 * signed an envelope alone.
 */
export function assembleEnvelope(json: object, bytes: Buffer): Assembled {
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) return { mediaType: BUNDLE_V03_MEDIA_TYPE, bytes };
  const { payload, payloadType, signatures } = envelope.data;
  const certificates = (json as { signatures: { cert?: unknown }[] }).signatures
    .map(({ cert }) => cert)
    .filter(cert => typeof cert === 'string' && cert !== '');
  if (signatures.length !== 1) {
    return {
      unsupported: `DSSE envelope with ${signatures.length} signatures`,
    };
  }
  if (certificates.length === 0) {
    return {
      unsupported:
        'application/vnd.dsse.envelope.v1+json without a certificate',
    };
  }
  return toEvidence(
    () => ({
      ...verificationMaterial({ certificate: readPem(`${certificates[0]}`) }),
      dsseEnvelope: { payload, payloadType, signatures },
    }),
    bytes,
  );
}

function assemble(
  signature: string,
  parts: SignatureParts,
  artifactDigest: string,
  original: Buffer,
): Assembled {
  return toEvidence(() => {
    const material = verificationMaterial(parts);
    const envelope = envelopeIn(Buffer.from(signature, 'base64'));
    if (envelope) return { ...material, dsseEnvelope: envelope };
    const digest = loggedDigest(parts.logEntry) ?? artifactDigest.slice(7);
    return {
      ...material,
      messageSignature: {
        messageDigest: {
          algorithm: 'SHA2_256',
          digest: Buffer.from(digest, 'hex').toString('base64'),
        },
        signature,
      },
    };
  }, original);
}

function envelopeIn(bytes: Buffer) {
  return envelopeSchema.safeParse(jsonObject(bytes)).data;
}

/**
 * What was signed, where a log entry says so: that the file beside is another
 * one is for verification to find. The entry is as unverified as the rest.
 */
function loggedDigest(logEntry: string | undefined): string | undefined {
  if (!logEntry) return undefined;
  const { body } = JSON.parse(logEntry).Payload;
  const entry = logBodySchema.safeParse(
    jsonObject(Buffer.from(String(body), 'base64')),
  );
  return entry.success ? entry.data.spec.data.hash.value : undefined;
}

/** cosign writes PEM in base64 unless told otherwise; a key is no certificate. */
function readPem(text: string): string | undefined {
  const pem = text.includes('-----BEGIN')
    ? text
    : Buffer.from(text, 'base64').toString('utf8');
  return /-----BEGIN [A-Z ]*PUBLIC KEY-----/.test(pem) ? undefined : pem;
}

function toEvidence(
  assembleBundle: () => { mediaType: string },
  original: Buffer,
): Assembled {
  try {
    const bundle = assembleBundle();
    const bytes = Buffer.from(JSON.stringify(bundle), 'utf8');
    return { mediaType: bundle.mediaType, bytes };
  } catch {
    return { mediaType: BUNDLE_V03_MEDIA_TYPE, bytes: original };
  }
}
