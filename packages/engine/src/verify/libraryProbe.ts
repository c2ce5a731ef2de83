import { KeyObject } from 'crypto';
import { RFC3161Timestamp, X509Certificate } from '@sigstore/core';
import { SignedEntity, TrustMaterial, Verifier } from '@sigstore/verify';
import { SignatureContent } from './signatureContent';
import { Thresholds } from './trustedRoot';

/*
 * The library answers once for all its steps. To tell which step fails, it is
 * asked again about a single step, with nothing for the others to object to.
 * An answer here is only ever used to name a finding: facts need the library's
 * whole verification to pass.
 */

type Comparisons = Omit<SignatureContent, 'verifySignature'>;
type LogEntry = SignedEntity['tlogEntries'][number];

const NOTHING_REQUIRED: Thresholds = {
  transparencyLog: 0,
  certificateTransparency: 0,
  timestamps: 0,
};

/**
 * Runs the library's verification.
 *
 * @returns what it threw, or undefined when it passed
 */
export function libraryObjection(
  trust: TrustMaterial,
  thresholds: Thresholds,
  entity: SignedEntity,
): unknown {
  try {
    new Verifier(trust, {
      tlogThreshold: thresholds.transparencyLog,
      ctlogThreshold: thresholds.certificateTransparency,
      timestampThreshold: thresholds.timestamps,
    }).verify(entity);
    return undefined;
  } catch (error) {
    return error ?? new Error('verification failed');
  }
}

/** Asks about one RFC 3161 timestamp over a signature. */
export function probeTimestamp(
  trust: TrustMaterial,
  key: KeyObject,
  signature: Buffer,
  timestamp: RFC3161Timestamp,
): unknown {
  return libraryObjection(anyKey(trust, key), NOTHING_REQUIRED, {
    signature: agreeing(signature),
    key: { $case: 'public-key', hint: '' },
    timestamps: [{ $case: 'timestamp-authority', timestamp }],
    tlogEntries: [],
  });
}

/**
 * Asks about the chain of a certificate at a time, and about its signed
 * certificate timestamps.
 */
export function probeCertificate(
  trust: TrustMaterial,
  certificateThreshold: number,
  certificate: X509Certificate,
  time: Date,
): unknown {
  return libraryObjection(
    trust,
    { ...NOTHING_REQUIRED, certificateTransparency: certificateThreshold },
    {
      signature: agreeing(Buffer.alloc(0)),
      key: { $case: 'certificate', certificate },
      timestamps: [
        { $case: 'transparency-log', tlogEntry: entryClaiming(time) },
      ],
      tlogEntries: [],
    },
  );
}

/** Asks whether a log entry is proved, whatever it is about. */
export function probeInclusion(
  trust: TrustMaterial,
  key: KeyObject,
  entry: LogEntry,
): unknown {
  return probeBinding(trust, key, entry, agreeing(Buffer.alloc(0)));
}

/** Asks whether a proved log entry is about this signature and content. */
export function probeBinding(
  trust: TrustMaterial,
  key: KeyObject,
  entry: LogEntry,
  content: Comparisons,
): unknown {
  return libraryObjection(anyKey(trust, key), NOTHING_REQUIRED, {
    signature: { ...agreeing(content.signature), ...content },
    key: { $case: 'public-key', hint: '' },
    timestamps: [],
    tlogEntries: [entry],
  });
}

function anyKey(trust: TrustMaterial, publicKey: KeyObject): TrustMaterial {
  return { ...trust, publicKey: () => ({ publicKey, validFor: () => true }) };
}

function agreeing(signature: Buffer): SignatureContent {
  const agrees = () => true;
  return {
    signature,
    compareSignature: agrees,
    compareDigest: agrees,
    compareSignedDigest: agrees,
    verifySignature: agrees,
  };
}

/** What the library compares a log entry with, besides the digest. */
export function comparisonsOf(
  content: SignatureContent,
): Omit<Comparisons, 'compareSignedDigest'> {
  return {
    signature: content.signature,
    compareSignature: (other: Buffer) => content.compareSignature(other),
    compareDigest: (other: Buffer) => content.compareDigest(other),
  };
}

function entryClaiming(time: Date): LogEntry {
  return {
    logIndex: '0',
    logId: { keyId: Buffer.alloc(0) },
    kindVersion: { kind: '', version: '' },
    integratedTime: String(time.getTime() / 1000),
    inclusionPromise: { signedEntryTimestamp: Buffer.alloc(0) },
    inclusionProof: undefined,
    canonicalizedBody: Buffer.alloc(0),
  };
}
