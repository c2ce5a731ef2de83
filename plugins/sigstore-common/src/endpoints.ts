import { z } from 'zod/v4';
import {
  artifactDetailSchema,
  entityReportSchema,
  entityStatusSummarySchema,
  evidenceReportSchema,
  artifactReportSchema,
  flowProgressSchema,
  logEntryRecordSchema,
  policyPreviewSchema,
  signedArtifactSchema,
  signerSummarySchema,
} from './model';

/**
 * Most entities that one request may ask for.
 *
 * @public
 */
export const MAX_ENTITIES_PER_REQUEST = 1000;

/**
 * Most files, and most characters in all of them, that one preview takes.
 *
 * @public
 */
export const PREVIEW_LIMITS = { files: 100, characters: 200_000 };

const policyFileSchema = z.strictObject({
  /** Names the file in messages; nothing is read from there. */
  path: z.string().min(1).max(500),
  text: z.string(),
});

/**
 * Policies to try out, in the form of files as they would be configured.
 *
 * @public
 */
export type PolicyPreviewFile = z.infer<typeof policyFileSchema>;

const limit = z.coerce.number().int().min(1).max(500).default(100);

/**
 * Every endpoint of the backend under `/api/sigstore`: path in Express form,
 * what it takes and what it gives. Router and client are both made from it.
 *
 * @public
 */
export const endpoints = {
  /** Card of one entity. */
  entityReport: {
    method: 'GET',
    path: '/entities/:kind/:namespace/:name',
    response: entityReportSchema,
  },
  /** Statuses of many entities at once. Invisible ones are left out. */
  entityStatuses: {
    method: 'POST',
    path: '/entities/statuses',
    body: z.strictObject({
      entityRefs: z.array(z.string()).max(MAX_ENTITIES_PER_REQUEST),
    }),
    response: z.object({ items: z.array(entityStatusSummarySchema) }),
  },
  /** Marks an entity's artifacts as due now; 202, nothing is checked in the request. */
  checkEntity: {
    method: 'POST',
    path: '/entities/:kind/:namespace/:name/check',
    response: z.object({ references: z.number().int() }),
  },
  /** Everything about one artifact of an entity, for the provenance tab. */
  artifactDetail: {
    method: 'GET',
    path: '/entities/:kind/:namespace/:name/artifacts/:artifactId',
    response: artifactDetailSchema,
  },
  /** Statuses of an artifact wherever it is used, by digest. */
  artifactByDigest: {
    method: 'GET',
    path: '/artifacts/:digest',
    response: z.object({
      digest: z.string(),
      reports: z.array(artifactReportSchema),
    }),
  },
  /** One piece of evidence. */
  evidence: {
    method: 'GET',
    path: '/evidence/:digest',
    response: evidenceReportSchema,
  },
  /** The bundle as it was found, as a download. */
  evidenceBundle: { method: 'GET', path: '/evidence/:digest/bundle' },
  /** Signers of everything that was verified. */
  signers: {
    method: 'GET',
    path: '/signers',
    query: z.strictObject({
      identity: z.string().optional(),
      issuer: z.string().optional(),
      limit,
    }),
    response: z.object({ items: z.array(signerSummarySchema) }),
  },
  /** What one signer signed. */
  signer: {
    method: 'GET',
    path: '/signers/:id',
    response: signerSummarySchema.extend({
      signed: z.array(signedArtifactSchema),
    }),
  },
  /** Where signatures are recorded, by digest of the artifact or identity of the signer. */
  logEntries: {
    method: 'GET',
    path: '/log-entries',
    query: z.strictObject({
      digest: z.string().optional(),
      identity: z.string().optional(),
      limit,
    }),
    response: z.object({ items: z.array(logEntryRecordSchema) }),
  },
  /**
   * Statuses changed since a cursor, for the catalog module; callers are
   * services. Without a cursor: all. `status` is absent when the entity is no
   * longer known.
   */
  statusChanges: {
    method: 'GET',
    path: '/status-changes',
    query: z.strictObject({
      cursor: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(5000).default(1000),
    }),
    response: z.object({
      items: z.array(
        z.object({
          entityRef: z.string(),
          status: entityStatusSummarySchema.shape.status.optional(),
        }),
      ),
      cursor: z.string(),
      more: z.boolean(),
    }),
  },
  /**
   * What policies would change if they were in force instead of those that are.
   * Their text is neither stored nor logged; trusted roots are those in force.
   */
  policyPreview: {
    method: 'POST',
    path: '/policy/preview',
    body: z.strictObject({
      files: z
        .array(policyFileSchema)
        .min(1)
        .max(PREVIEW_LIMITS.files)
        .refine(
          files =>
            files.reduce((sum, { text }) => sum + text.length, 0) <=
            PREVIEW_LIMITS.characters,
          { message: 'the files have more than 200,000 characters' },
        ),
    }),
    response: policyPreviewSchema,
  },
  /** How far the background work is. */
  flow: { method: 'GET', path: '/flow', response: flowProgressSchema },
} as const;
