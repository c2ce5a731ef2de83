import { z } from 'zod/v4';
import { artifactKindSchema } from './artifacts';
import { logEntrySchema, signerSchema, verificationSchema } from './facts';
import { receivedFindingSchema } from './receivedFinding';
import { storageReportSchema } from './storage';
import {
  artifactStatusSchema,
  enforcementModeSchema,
  entityStatusSchema,
} from './statuses';

const instant = z.iso.datetime();

/**
 * How a source answered a lookup. Only `found` and `none` are answers; after
 * any other outcome nothing is known about what the source holds.
 *
 * @public
 */
export const lookupOutcomeSchema = z.enum([
  'found',
  'none',
  'refused',
  'unreachable',
  'unsupported',
  'over-cap',
]);

/** @public */
export type LookupOutcome = z.infer<typeof lookupOutcomeSchema>;

/**
 * One question to one source.
 *
 * @public
 */
export const lookupSchema = z.object({
  /** What was asked, for example `registry.example.com referrers`. */
  source: z.string(),
  outcome: lookupOutcomeSchema,
  /** In words, when the outcome is not `found` or `none`. */
  cause: z.string().optional(),
  askedAt: instant,
  lastGoodAt: instant.optional(),
  nextDueAt: instant.optional(),
});

/** @public */
export type Lookup = z.infer<typeof lookupSchema>;

/**
 * A signer that a rule allows on this artifact, with the template values
 * filled in.
 *
 * @public
 */
export const expectedSignerSchema = z.object({
  policy: z.string(),
  authority: z.string(),
  trustedRoot: z.string(),
  /** Empty where a public key is expected. */
  issuer: z.string(),
  /** Whether `issuer` is an anchored pattern; exact where it is left out. */
  issuerPattern: z.boolean().optional(),
  /** The exact identity, or the anchored pattern; of a key as in a signer. */
  identity: z.string(),
  pattern: z.boolean(),
  /** Whether a public key is expected. */
  key: z.boolean().optional(),
  /** Certificate extensions that must have these values. */
  extensions: z.record(z.string(), z.string()).optional(),
  signedAfter: instant.optional(),
  signedBefore: instant.optional(),
  predicateTypes: z.array(z.string()),
  /** Whether a signature is required besides the predicate types. */
  withSignature: z.boolean().optional(),
});

/** @public */
export type ExpectedSigner = z.infer<typeof expectedSignerSchema>;

/** @public */
export const answerSchema = z.enum(['yes', 'no', 'unknown', 'not-asked']);

/**
 * The three answers that stand above the detail.
 *
 * @public
 */
export const answersSchema = z.object({
  signatureFound: answerSchema,
  evidenceSound: answerSchema,
  expectedSigner: answerSchema,
});

/** @public */
export type Answers = z.infer<typeof answersSchema>;

/** @public */
export type Answer = z.infer<typeof answerSchema>;

/**
 * Where an artifact is seen running.
 *
 * @public
 */
export const artifactObservationSchema = z.object({
  /** Who sees it, such as `Kubernetes`. */
  observer: z.string(),
  /** Such as `cluster prod-eu`. */
  place: z.string(),
  /** What runs it, such as `namespace shop, Deployment checkout`. */
  workload: z.string().optional(),
  firstSeenAt: instant,
  lastSeenAt: instant,
  /** Since when the place gives no complete answer. */
  silentSince: instant.optional(),
});

/** @public */
export type ArtifactObservation = z.infer<typeof artifactObservationSchema>;

/**
 * Status of one artifact reference of one entity: what a row of the card shows.
 *
 * @public
 */
export const artifactReportSchema = z.object({
  /** Stable name of (entity, kind, reference), usable in URLs. */
  id: z.string(),
  entityRef: z.string(),
  kind: artifactKindSchema,
  reference: z.string(),
  /** By what; of what is only seen running, the name of its observer. */
  declaredBy: z.string(),
  /**
   * Whether the entity declares it; what only runs is required as well. Backends
   * of a release before know nothing else.
   */
  declared: z.boolean().default(true),
  running: z.boolean().default(false),
  /** Where it is seen running. */
  observations: z.array(artifactObservationSchema).default([]),
  /** A declared reference that leads to the same bytes, of what only runs. */
  declaredAs: z.string().optional(),
  /** Absent until the reference was resolved. */
  digest: z.string().optional(),
  /** Tag that the newest release has, where the reference asks for that. */
  newestTag: z.string().optional(),
  status: artifactStatusSchema,
  mode: enforcementModeSchema.optional(),
  /** Whether it counts for the status of the entity. */
  required: z.boolean(),
  answers: answersSchema,
  /** What decided; empty when nothing is wrong. */
  findings: z.array(receivedFindingSchema),
  /** Seen on the way, without a part in the decision. */
  notices: z.array(receivedFindingSchema),
  /** The signer of the evidence that decided. */
  signer: signerSchema.optional(),
  signedAt: instant.optional(),
  /**
   * Digest of the index that was signed, where the artifact is one of the
   * platform images that it lists.
   */
  throughIndex: z.string().optional(),
  expected: z.array(expectedSignerSchema),
  policies: z.array(z.string()),
  lookups: z.array(lookupSchema),
  decidedAt: instant.optional(),
  checkedAt: instant.optional(),
  nextCheckAt: instant.optional(),
  /** The last status that was an answer, beside one that is not. */
  lastKnown: z.object({ status: artifactStatusSchema, at: instant }).optional(),
});

/** @public */
export type ArtifactReport = z.infer<typeof artifactReportSchema>;

/**
 * One line of an entity in a list.
 *
 * @public
 */
export const entityStatusSummarySchema = z.object({
  entityRef: z.string(),
  status: entityStatusSchema,
  mode: enforcementModeSchema.optional(),
  counts: z.partialRecord(artifactStatusSchema, z.number().int()),
  total: z.number().int(),
  decidedAt: instant.optional(),
});

/** @public */
export type EntityStatusSummary = z.infer<typeof entityStatusSummarySchema>;

/**
 * What the card of an entity shows.
 *
 * @public
 */
export const entityReportSchema = entityStatusSummarySchema.extend({
  checkedAt: instant.optional(),
  /** When the entity was first seen here; absent when it never was. */
  knownSince: instant.optional(),
  artifacts: z.array(artifactReportSchema),
  /** Artifacts of entities this one depends on, which count only where a rule says so. */
  dependencies: z.array(
    z.object({
      entityRef: z.string(),
      title: z.string().optional(),
      owner: z.string().optional(),
      artifacts: z.array(artifactReportSchema),
    }),
  ),
});

/** @public */
export type EntityReport = z.infer<typeof entityReportSchema>;

/**
 * One piece of evidence, where it was found, and what verifying it gave under
 * each trusted root.
 *
 * @public
 */
export const evidenceReportSchema = z.object({
  digest: z.string(),
  mediaType: z.string(),
  size: z.number().int(),
  sightings: z.array(
    z.object({
      source: z.string(),
      firstSeenAt: instant,
      lastSeenAt: instant,
      goneAt: instant.optional(),
    }),
  ),
  verifications: z.array(verificationSchema),
});

/** @public */
export type EvidenceReport = z.infer<typeof evidenceReportSchema>;

/** @public */
export const verdictRecordSchema = z.object({
  digest: z.string().optional(),
  status: artifactStatusSchema,
  findings: z.array(receivedFindingSchema),
  policies: z.array(z.string()),
  decidedAt: instant,
});

/**
 * Everything the provenance tab shows of one artifact.
 *
 * @public
 */
export const artifactDetailSchema = artifactReportSchema.extend({
  owner: z.string().optional(),
  /** Digest of the evidence that decided, first among the evidence. */
  decidingEvidence: z.string().optional(),
  evidence: z.array(evidenceReportSchema),
  /** How an object store says it keeps the artifact and its evidence. */
  storage: storageReportSchema.optional(),
  /** Newest first. */
  history: z.array(verdictRecordSchema),
  /** Commands that repeat the check, ready to paste. */
  commands: z.array(z.object({ tool: z.string(), command: z.string() })),
});

/** @public */
export type ArtifactDetail = z.infer<typeof artifactDetailSchema>;

/** @public */
export const signerSummarySchema = z.object({
  id: z.string(),
  trustedRoot: z.string(),
  issuer: z.string(),
  identity: z.string(),
  firstSignedAt: instant.optional(),
  lastSignedAt: instant.optional(),
  artifacts: z.number().int(),
});

/** @public */
export type SignerSummary = z.infer<typeof signerSummarySchema>;

/** @public */
export const signedArtifactSchema = z.object({
  digest: z.string(),
  evidenceDigest: z.string(),
  predicateType: z.string().optional(),
  signedAt: instant.optional(),
  logEntries: z.array(logEntrySchema),
  /** Only references of entities that the caller may see. */
  references: z.array(
    z.object({
      entityRef: z.string(),
      kind: artifactKindSchema,
      reference: z.string(),
      artifactId: z.string(),
    }),
  ),
});

/** @public */
export type SignedArtifact = z.infer<typeof signedArtifactSchema>;

/** @public */
export const logEntryRecordSchema = logEntrySchema.extend({
  digest: z.string(),
  evidenceDigest: z.string(),
  signer: signerSummarySchema.pick({
    id: true,
    trustedRoot: true,
    issuer: true,
    identity: true,
  }),
});

/** @public */
export type LogEntryRecord = z.infer<typeof logEntryRecordSchema>;

/**
 * How far the background work is.
 *
 * @public
 */
export const flowProgressSchema = z.object({
  /** When the catalog was last read in full; absent before the first time. */
  discoveredAt: instant.optional(),
  references: z.number().int(),
  /** References that were never checked. */
  pending: z.number().int(),
  /** References that are due now. */
  due: z.number().int(),
  policyGeneration: z.number().int(),
});

/** @public */
export type FlowProgress = z.infer<typeof flowProgressSchema>;

const shownStatusSchema = z.object({
  status: artifactStatusSchema,
  mode: enforcementModeSchema.optional(),
});

const previewedArtifactSchema = artifactReportSchema.pick({
  id: true,
  entityRef: true,
  kind: true,
  reference: true,
  digest: true,
});

/**
 * What trust policies would change about everything stored that the caller may
 * see. Counts are whole, lists end at a limit.
 *
 * @public
 */
export const policyPreviewSchema = z.object({
  /** Names of the policies that were read. */
  policies: z.array(z.string()),
  /** Names of the Distrust documents that were read. */
  distrusts: z.array(z.string()),
  /** What is likely to be a mistake, with file and line. */
  warnings: z.array(
    z.object({
      place: z.string(),
      policy: z.string(),
      field: z.string(),
      code: z.string(),
      message: z.string(),
    }),
  ),
  /** How many artifacts were judged. */
  judged: z.number().int(),
  /** How many of them would be shown otherwise. */
  changed: z.number().int(),
  /** The same by what they are and would be, worst first. */
  transitions: z.array(
    z.object({
      from: shownStatusSchema,
      to: shownStatusSchema,
      artifacts: z.number().int(),
    }),
  ),
  /** Worst first. */
  changes: z.array(
    previewedArtifactSchema.extend({
      from: shownStatusSchema,
      to: shownStatusSchema.extend({
        /** What would decide. */
        findings: z.array(receivedFindingSchema),
        /** Names of the policies that would cover it. */
        policies: z.array(z.string()),
      }),
    }),
  ),
  /**
   * Artifacts with evidence under a key that the policies bring along: what it
   * proves is known only once they are in force.
   */
  needsVerification: z.object({
    artifacts: z.number().int(),
    items: z.array(previewedArtifactSchema),
  }),
});

/** @public */
export type PolicyPreview = z.infer<typeof policyPreviewSchema>;
