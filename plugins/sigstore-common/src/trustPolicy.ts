import { z } from 'zod/v4';
import { artifactKindSchema } from './artifacts';
import { enforcementModeSchema } from './statuses';

const MAX_PATTERN_LENGTH = 1024;

const keylessIdentitySchema = z
  .strictObject({
    issuer: z.string().min(1),
    subject: z.string().min(1).max(MAX_PATTERN_LENGTH).optional(),
    subjectRegExp: z.string().min(1).max(MAX_PATTERN_LENGTH).optional(),
  })
  .refine(
    identity =>
      (identity.subject === undefined) !==
      (identity.subjectRegExp === undefined),
    { message: 'write either subject or subjectRegExp' },
  );

/**
 * Who may sign, in the field names of ClusterImagePolicy. An identity without
 * an issuer is refused: the same identity string exists under many issuers.
 *
 * @public
 */
export type KeylessIdentity = z.infer<typeof keylessIdentitySchema>;

const authoritySchema = z.strictObject({
  name: z.string().min(1),
  keyless: z.strictObject({
    trustedRoot: z.string().min(1),
    identities: z.array(keylessIdentitySchema).min(1),
  }),
  attestations: z
    .array(z.strictObject({ predicateType: z.string().min(1) }))
    .min(1)
    .optional(),
});

/** @public */
export type TrustPolicyAuthority = z.infer<typeof authoritySchema>;

/**
 * One trust policy document: which signer is expected on which artifacts. Any
 * one authority suffices, each one whole; every policy that matches an
 * artifact must be satisfied. Fields that are not listed here are errors, so
 * that a rule never silently means less than it says.
 *
 * @public
 */
export const trustPolicySchema = z.strictObject({
  apiVersion: z.literal('cloudythings.io/v1alpha1'),
  kind: z.literal('TrustPolicy'),
  metadata: z.strictObject({
    name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
  }),
  spec: z.strictObject({
    artifacts: z
      .array(
        z.strictObject({
          kind: artifactKindSchema,
          reference: z.string().min(1).max(MAX_PATTERN_LENGTH).optional(),
        }),
      )
      .min(1),
    authorities: z.array(authoritySchema).min(1),
    mode: enforcementModeSchema.default('enforce'),
  }),
});

/** @public */
export type TrustPolicy = z.infer<typeof trustPolicySchema>;

/**
 * Name of the rule that applies where no policy does: an image built on GitHub
 * should be signed by a workflow of the entity's own repository.
 *
 * @public
 */
export const SAME_REPOSITORY_POLICY = 'same-repository';
