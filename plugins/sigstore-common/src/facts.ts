import { z } from 'zod/v4';
import { receivedFindingSchema } from './receivedFinding';

const instant = z.iso.datetime();

/**
 * Who signed, as verification established it: trusted root, issuer and
 * identity together. The same identity under another issuer or root is another
 * signer. A public key (`identityType` is `public-key`) has no issuer: its
 * `issuer` is empty, and its `identity` is `sha256:` and the digest of the key
 * in DER form (SubjectPublicKeyInfo).
 *
 * @public
 */
export const signerSchema = z.object({
  trustedRoot: z.string(),
  issuer: z.string(),
  identity: z.string(),
  identityType: z.enum([
    'uri',
    'email',
    'dns',
    'ip',
    'other-name',
    'public-key',
  ]),
  /** Fulcio's certificate extensions by name, for example sourceRepositoryURI. */
  extensions: z.record(z.string(), z.string()),
});

/** @public */
export type Signer = z.infer<typeof signerSchema>;

/**
 * A time that somebody else than the signer attested.
 *
 * @public
 */
export const attestedTimeSchema = z.object({
  time: instant,
  source: z.enum(['timestamp-authority', 'transparency-log']),
  /** Name of the authority, as the trusted root gives it. */
  authority: z.string(),
});

/** @public */
export type AttestedTime = z.infer<typeof attestedTimeSchema>;

/**
 * An entry of a transparency log whose proof was recomputed.
 *
 * @public
 */
export const logEntrySchema = z.object({
  /** SHA-256 of the log's key or its checkpoint key ID, in hexadecimal. */
  logId: z.string(),
  /** Base URL or origin of the log, as the trusted root gives it. */
  logName: z.string(),
  /** A decimal number; as text because logs outgrow 2^53. */
  logIndex: z.string(),
  kind: z.string(),
  /** Present when the entry carries a recomputed inclusion proof. */
  inclusion: z
    .object({
      treeSize: z.string(),
      rootHash: z.string(),
      checkpointOrigin: z.string(),
    })
    .optional(),
  /** Only when a signed entry timestamp covers it. */
  integratedTime: instant.optional(),
});

/** @public */
export type LogEntry = z.infer<typeof logEntrySchema>;

/** @public */
export const certificateSchema = z.object({
  serialNumber: z.string(),
  issuerName: z.string(),
  notBefore: instant,
  notAfter: instant,
  /** SHA-256 of the DER form, in hexadecimal. */
  fingerprint: z.string(),
  pem: z.string(),
});

/** @public */
export const signedContentSchema = z.object({
  /** How the signature binds the artifact. */
  type: z.enum(['message-signature', 'simple-signing', 'in-toto']),
  predicateType: z.string().optional(),
  /** The signed statement or payload, parsed; absent for bare signatures. */
  statement: z.unknown().optional(),
});

/**
 * What verification established about one piece of evidence and one artifact
 * under one trusted root. Exists only when every check passed.
 *
 * @public
 */
export const factsSchema = z.object({
  signer: signerSchema,
  /** Absent where a public key signed. */
  certificate: certificateSchema.optional(),
  times: z.array(attestedTimeSchema),
  logEntries: z.array(logEntrySchema),
  content: signedContentSchema,
});

/** @public */
export type Facts = z.infer<typeof factsSchema>;

/**
 * Names of the checks, in the order in which they are made.
 *
 * @public
 */
export const CHECK_NAMES = [
  'format',
  'limits',
  'timestamps',
  'certificate-chain',
  'certificate-log',
  'signing-time',
  'log-inclusion',
  'log-entry-binding',
  'signature',
  'artifact-binding',
] as const;

/** @public */
export const checkSchema = z.object({
  name: z.enum(CHECK_NAMES),
  outcome: z.enum(['passed', 'failed', 'not-applicable', 'not-reached']),
  finding: receivedFindingSchema.optional(),
});

/** @public */
export type Check = z.infer<typeof checkSchema>;

/** @public */
export type CheckName = (typeof CHECK_NAMES)[number];

/**
 * Outcome of verifying one piece of evidence for one artifact under one
 * verification profile, by one engine revision.
 *
 * @public
 */
export const verificationSchema = z.object({
  evidenceDigest: z.string(),
  artifactDigest: z.string(),
  trustedRoot: z.string(),
  profileDigest: z.string(),
  engineRevision: z.string(),
  checks: z.array(checkSchema),
  facts: factsSchema.optional(),
  findings: z.array(receivedFindingSchema),
});

/** @public */
export type Verification = z.infer<typeof verificationSchema>;
