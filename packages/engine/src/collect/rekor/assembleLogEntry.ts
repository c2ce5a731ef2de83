import { createHash } from 'node:crypto';
import { z } from 'zod/v4';
import { RekorEntry } from '../../transparency/rekorEntry';
import { EVIDENCE_SIMPLE_SIGNING } from '../evidence';
import { KnownContent } from './knownContent';
import { entryBodySchema, materialOf } from './logMaterial';

const IN_TOTO = 'application/vnd.in-toto+json';
const ALGORITHMS = {
  sha256: 'SHA2_256',
  sha384: 'SHA2_384',
  sha512: 'SHA2_512',
} as const;

const base64 = z.base64().min(1);
const digestSchema = z.object({
  algorithm: z.enum(['sha256', 'sha384', 'sha512']),
  value: z.hex(),
});
const hashedRekordSchema = z.object({
  data: z.object({ hash: digestSchema }),
  signature: z.object({
    content: base64,
    publicKey: z.object({ content: base64 }),
  }),
});
const dsseSchema = z.object({
  payloadHash: digestSchema,
  signatures: z
    .array(z.object({ signature: base64, verifier: base64 }))
    .length(1),
});
const intotoSchema = z.object({
  content: z.object({
    payloadHash: digestSchema,
    envelope: z.object({
      payloadType: z.string().max(255),
      signatures: z
        .array(
          z.object({
            // In base64 twice: as DSSE has it, and as the log has it.
            sig: base64,
            publicKey: base64,
            keyid: z.string().optional(),
          }),
        )
        .length(1),
    }),
  }),
});

/** What a log entry came to. */
export type LogEntryOutcome =
  | { found: 'evidence'; mediaType: string; bytes: Buffer }
  /** About this artifact as it seems, but without what was signed. */
  | { found: 'no-content'; why: string }
  /** About something else: what it names is not this artifact. */
  | { found: 'other' };

/**
 * Assembles evidence from an entry of a Rekor log of version 1, as far as what
 * was signed is in it or known from elsewhere:
 *
 * - `hashedrekord` 0.0.1 holds signature and digest; where the digest is that of
 *   a simple-signing payload, the payload comes with it;
 * - `intoto` 0.0.2 holds the signature, and the log may keep the payload;
 * - `dsse` 0.0.1 holds the signature; the payload is always from elsewhere.
 *
 * Nothing is verified here. Never throws.
 */
export function assembleLogEntry(
  entry: RekorEntry,
  known: KnownContent,
): LogEntryOutcome {
  try {
    const body = entryBodySchema.parse(
      JSON.parse(Buffer.from(entry.body, 'base64').toString('utf8')),
    );
    switch (`${body.kind} ${body.apiVersion}`) {
      case 'hashedrekord 0.0.1':
        return fromHashedRekord(entry, body.spec, known);
      case 'dsse 0.0.1':
        return fromDsse(entry, body.spec, known);
      case 'intoto 0.0.2':
        return fromIntoto(entry, body.spec, known);
      default:
        return noContent(
          `entries of the kind ${body.kind} ${body.apiVersion} are not read`,
        );
    }
  } catch {
    return noContent('its body cannot be read');
  }
}

function fromHashedRekord(
  entry: RekorEntry,
  spec: unknown,
  known: KnownContent,
): LogEntryOutcome {
  const { data, signature } = hashedRekordSchema.parse(spec);
  const { algorithm, value } = data.hash;
  const payload =
    algorithm === 'sha256' ? known.simpleSigning(value) : undefined;
  if (!payload && !known.isArtifact(`${algorithm}:${value}`)) {
    return { found: 'other' };
  }
  const material = materialOf(entry, signature.publicKey.content);
  if (!material) return withoutProof();
  const bundle = {
    ...material,
    messageSignature: {
      messageDigest: {
        algorithm: ALGORITHMS[algorithm],
        digest: Buffer.from(value, 'hex').toString('base64'),
      },
      signature: signature.content,
    },
  };
  return payload
    ? evidence(EVIDENCE_SIMPLE_SIGNING, {
        bundle,
        payload: payload.toString('base64'),
      })
    : evidence(material.mediaType, bundle);
}

function fromDsse(
  entry: RekorEntry,
  spec: unknown,
  known: KnownContent,
): LogEntryOutcome {
  const { payloadHash, signatures } = dsseSchema.parse(spec);
  const [{ signature, verifier }] = signatures;
  const content = known.envelopePayload(payloadHash.value);
  if (!content) return noContent('the log keeps only a digest of what it says');
  return fromEnvelope(entry, verifier, content.payload, {
    payloadType: content.payloadType,
    signatures: [{ sig: signature }],
    known,
  });
}

function fromIntoto(
  entry: RekorEntry,
  spec: unknown,
  known: KnownContent,
): LogEntryOutcome {
  const { payloadHash, envelope } = intotoSchema.parse(spec).content;
  const [{ sig, publicKey, keyid }] = envelope.signatures;
  const kept = Buffer.from(entry.attestation?.data ?? '', 'base64');
  const hash = createHash('sha256').update(kept).digest('hex');
  const payload =
    hash === payloadHash.value
      ? kept
      : known.envelopePayload(payloadHash.value)?.payload;
  if (!payload) return noContent('the log does not keep what it says');
  return fromEnvelope(entry, publicKey, payload, {
    payloadType: envelope.payloadType,
    signatures: [
      {
        sig: base64.parse(Buffer.from(sig, 'base64').toString('utf8')),
        ...(keyid ? { keyid } : {}),
      },
    ],
    known,
  });
}

function fromEnvelope(
  entry: RekorEntry,
  verifier: string,
  payload: Buffer,
  envelope: {
    payloadType: string;
    signatures: { sig: string; keyid?: string }[];
    known: KnownContent;
  },
): LogEntryOutcome {
  const { payloadType, signatures, known } = envelope;
  // Logs list a statement under what it was made from as well.
  if (payloadType === IN_TOTO && !known.isSubjectOf(payload)) {
    return { found: 'other' };
  }
  const material = materialOf(entry, verifier);
  if (!material) return withoutProof();
  return evidence(material.mediaType, {
    ...material,
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType,
      signatures,
    },
  });
}

function evidence(mediaType: string, json: unknown): LogEntryOutcome {
  const bytes = Buffer.from(JSON.stringify(json), 'utf8');
  return { found: 'evidence', mediaType, bytes };
}

function noContent(why: string): LogEntryOutcome {
  return { found: 'no-content', why };
}

function withoutProof(): LogEntryOutcome {
  return noContent('the log gives it without a proof that it is in there');
}
