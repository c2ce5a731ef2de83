import {
  CHECK_NAMES,
  answersSchema,
  artifactKindSchema,
  artifactStatusSchema,
  enforcementModeSchema,
  expectedSignerSchema,
  findingSchema,
  lookupSchema,
  signerSchema,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { z } from 'zod/v4';

/** A finding with its words. */
const explainedFindingSchema = findingSchema.extend({
  title: z.string(),
  whatHappened: z.string(),
  whyItMatters: z.string(),
  whatToDo: z.string(),
});

export type ExplainedFinding = z.infer<typeof explainedFindingSchema>;

const policySchema = z.object({
  /** `same-repository` is the built-in rule, where only a repository is given. */
  origin: z.enum(['policies', 'flags', 'same-repository']),
  /** Of all policies that were loaded. */
  digest: z.string(),
  /** Names of the policies that cover the artifact. */
  covering: z.array(z.string()),
  /** What they expect, in words; a list for each. */
  words: z.array(z.object({ policy: z.string(), lines: z.array(z.string()) })),
  trustedRoots: z.array(
    z.object({
      name: z.string(),
      from: z.string(),
      /** Of the root with its thresholds and keys. */
      digest: z.string(),
      thresholds: z.object({
        transparencyLog: z.number().int(),
        certificateTransparency: z.number().int(),
        timestamps: z.number().int(),
      }),
    }),
  ),
  /** What is probably not meant as it is written, and what was let pass. */
  /** Whose artifact it is, as a file says that the catalog says. */
  entity: z.object({ ref: z.string(), from: z.string() }).optional(),
  warnings: z.array(z.string()),
});

const evidenceSchema = z.object({
  digest: z.string(),
  mediaType: z.string(),
  sources: z.array(z.string()),
  /** The checks in their order, under each trusted root. */
  verifications: z.array(
    z.object({
      trustedRoot: z.string(),
      holds: z.boolean(),
      signer: signerSchema.optional(),
      checks: z.array(
        z.object({
          name: z.enum(CHECK_NAMES),
          words: z.string(),
          outcome: z.enum([
            'passed',
            'failed',
            'not-applicable',
            'not-reached',
          ]),
          finding: explainedFindingSchema.optional(),
        }),
      ),
    }),
  ),
});

/**
 * What `ct verify artifact --output json` writes when it came to a result.
 * Fields may be added; what is there keeps its meaning within a version.
 */
export const reportSchema = z.object({
  version: z.literal(1),
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(3)]),
  status: artifactStatusSchema,
  label: z.string(),
  mode: enforcementModeSchema.optional(),
  /** The verdict in one sentence. */
  sentence: z.string(),
  policy: policySchema,
  artifact: z.object({
    given: z.string(),
    kind: artifactKindSchema.optional(),
    reference: z.string().optional(),
    digest: z.string().optional(),
  }),
  lookups: z.array(lookupSchema),
  evidence: z.array(evidenceSchema),
  answers: answersSchema,
  signer: signerSchema.optional(),
  signedAt: z.iso.datetime().optional(),
  decidingEvidence: z.string().optional(),
  /** Digest of the index that was signed, where the artifact is listed by one. */
  throughIndex: z.string().optional(),
  expected: z.array(expectedSignerSchema),
  /** What decided; empty where nothing is wrong. */
  findings: z.array(explainedFindingSchema),
  /** Seen on the way, without a part in the decision. */
  notices: z.array(explainedFindingSchema),
  engineRevision: z.string(),
});

/** The result of `ct verify artifact`. */
export type Report = z.infer<typeof reportSchema>;

/** What is written instead when the command cannot be followed. */
export const problemSchema = z.object({
  version: z.literal(1),
  exitCode: z.literal(2),
  problem: z.string(),
});
