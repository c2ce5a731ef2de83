import { z } from 'zod/v4';
import { artifactKindSchema } from './artifacts';
import {
  apiVersionSchema,
  eitherOf,
  instantSchema,
  keylessIdentitySchema,
  metadataSchema,
  oneOfFields,
  patternSchema,
  publicKeySchema,
  trustedRootSchema,
  windowInOrder,
} from './policyFields';
import { enforcementModeSchema } from './statuses';

export { MAX_PATTERN_LENGTH, type KeylessIdentity } from './policyFields';

const keylessSchema = z.strictObject({
  trustedRoot: trustedRootSchema,
  identities: z
    .array(keylessIdentitySchema)
    .min(1)
    .describe('Any one of them may sign.'),
  extensions: z
    .record(z.string(), z.string().min(1))
    .refine(extensions => Object.keys(extensions).length > 0, {
      message:
        'this is empty. Name at least one extension, or remove the field.',
    })
    .optional()
    .meta({
      minProperties: 1,
      description:
        'What the certificate must say, exactly and all of it, such as runnerEnvironment: github-hosted. Names are those of Fulcio’s extensions.',
    }),
});

const keySchema = z.strictObject({
  trustedRoot: trustedRootSchema.describe(
    'A configured trusted root, by name: whose logs and timestamps count.',
  ),
  data: publicKeySchema,
});

/** @public */
export type TrustPolicyKey = z.infer<typeof keySchema>;

const authoritySchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .describe('Shown where somebody else signed; its own within the policy.'),
    keyless: keylessSchema
      .optional()
      .describe('Signers whose certificate names their identity.'),
    key: keySchema.optional().describe('Instead of keyless: one public key.'),
    signedAfter: instantSchema
      .optional()
      .describe('The verified time of signing must not be before this.'),
    signedBefore: instantSchema
      .optional()
      .describe('The verified time of signing must be before this.'),
    require: z
      .enum(['signature', 'attestations', 'both'])
      .optional()
      .describe(
        'What must be there: any signed evidence about the artifact (a statement of any type too, whatever it says: also that a check failed), the attestations listed, or these and a signature over the artifact itself. Without it: attestations where some are listed, else signature.',
      ),
    attestations: z
      .array(
        z.strictObject({
          predicateType: z
            .string()
            .min(1)
            .describe('Such as https://slsa.dev/provenance/v1.'),
        }),
      )
      .min(1)
      .optional()
      .describe(
        'Statements that this very authority must have signed, each of them.',
      ),
  })
  .check(
    eitherOf(
      'keyless',
      'key',
      'an authority needs somebody who signs. Add keyless: with identities, or key: with a public key.',
    ),
    windowInOrder,
    ({ value: { require, attestations }, issues }) => {
      const listed = attestations !== undefined;
      if (require === undefined || (require !== 'signature') === listed) return;
      issues.push({
        code: 'custom',
        continue: true,
        input: require,
        path: ['require'],
        message: listed
          ? 'attestations are listed below, but only a signature is required. Write attestations or both, or remove the list.'
          : `${require} needs the list of them. Add attestations: with their predicateType.`,
      });
    },
  )
  .meta({
    description:
      'One way to satisfy the policy, whole: who may sign, and what they must have signed.',
    ...oneOfFields('keyless', 'key'),
    allOf: [
      {
        if: {
          properties: { require: { enum: ['attestations', 'both'] } },
          required: ['require'],
        },
        then: { required: ['attestations'] },
      },
      {
        if: {
          properties: { require: { const: 'signature' } },
          required: ['require'],
        },
        then: { not: { required: ['attestations'] } },
      },
    ],
  });

/**
 * One way to satisfy a policy: an identity or a key, and what it must have
 * signed.
 *
 * @public
 */
export type TrustPolicyAuthority = z.infer<typeof authoritySchema>;

/**
 * What an authority asks for: `signature` any evidence of it about the
 * artifact, an attestation included; `attestations` each listed one; `both`
 * each listed one and, besides, a signature over the artifact itself. Where it
 * is not written, listed attestations are what is asked for, else a signature.
 *
 * @public
 */
export function requirementOf(
  authority: Pick<TrustPolicyAuthority, 'require' | 'attestations'>,
): 'signature' | 'attestations' | 'both' {
  return (
    authority.require ?? (authority.attestations ? 'attestations' : 'signature')
  );
}

/**
 * Places where evidence can be stored, as policies name them.
 *
 * @public
 */
export const EVIDENCE_PLACES = [
  'oci-registry',
  'bundle-store',
  'github',
  'transparency-log',
] as const;

/** @public */
export type EvidencePlace = (typeof EVIDENCE_PLACES)[number];

/** Days, hours or minutes: 30d, 12h, 45m. */
const DURATION = /^([1-9][0-9]{0,4})(d|h|m)$/;

/**
 * Milliseconds of a duration as policies write it.
 *
 * @param text - such as `30d`, `12h`, `45m`
 * @returns undefined where it is not one
 * @public
 */
export function durationMs(text: string): number | undefined {
  const [, count, unit] = DURATION.exec(text) ?? [];
  if (unit === undefined) return undefined;
  const minutes = { d: 24 * 60, h: 60, m: 1 }[unit as 'd' | 'h' | 'm'];
  return Number(count) * minutes * 60_000;
}

const artifactsSchema = z.strictObject({
  kind: artifactKindSchema.describe('What kind of artifact.'),
  reference: patternSchema
    .optional()
    .describe(
      'Which of them: ** stands for any characters, * for any but a slash. Without it: all of the kind.',
    ),
  entity: z
    .record(z.string(), z.json())
    .refine(entity => Object.keys(entity).length > 0, {
      message:
        'this selects by nothing. Write a condition, such as kind: Component, or remove the field.',
    })
    .optional()
    .meta({
      minProperties: 1,
      description:
        'Of which entities: a catalog filter predicate. Without it: of all.',
    }),
});

const exceptionSchema = z.strictObject({
  until: z.iso.date().describe('The last day it applies, in UTC.'),
  owner: z.string().min(1).describe('Who answers for it.'),
  reason: z.string().min(1).describe('Shown wherever it applies.'),
});

/** @public */
export type TrustPolicyException = z.infer<typeof exceptionSchema>;

/**
 * One trust policy document: which signer is expected on which artifacts. Any
 * one authority suffices, each one whole; every policy that matches an
 * artifact must be satisfied. Fields that are not listed here are errors, so
 * that a rule never silently means less than it says.
 *
 * @public
 */
export const trustPolicySchema = z
  .strictObject({
    apiVersion: apiVersionSchema,
    kind: z.literal('TrustPolicy'),
    metadata: metadataSchema,
    spec: z.strictObject({
      artifacts: z
        .array(artifactsSchema)
        .min(1)
        .describe('What the policy covers: any one of these.'),
      evidence: z
        .array(z.enum(EVIDENCE_PLACES))
        .min(1)
        .optional()
        .describe('Where evidence must be stored: any one of these.'),
      authorities: z
        .array(authoritySchema)
        .min(1)
        .describe('Who may sign: any one suffices, each one whole.'),
      repositoryFrom: z
        .enum(['managed-by-location', 'source-location'])
        .optional()
        .describe(
          'Where {{ repository }} comes from. Without it: managed-by-location, which only ingestion and administrators set. The entity chooses its source-location itself.',
        ),
      mode: enforcementModeSchema
        .default('enforce')
        .describe('How failures are shown: enforce red, warn amber.'),
      exception: exceptionSchema
        .optional()
        .describe(
          'For what cannot be signed yet: dated, owned, with its reason.',
        ),
      maxAge: z
        .string()
        .regex(DURATION, {
          message: 'write a number and d, h or m, such as 30d',
        })
        .optional()
        .describe('How old a result may be, such as 30d, 12h or 45m.'),
    }),
  })
  .describe('Who is expected to sign which artifacts.');

/** @public */
export type TrustPolicy = z.infer<typeof trustPolicySchema>;

/**
 * Name of the rule that applies where no policy does: an image built on GitHub
 * should be signed by a workflow of the entity's own repository.
 *
 * @public
 */
export const SAME_REPOSITORY_POLICY = 'same-repository';
