import { z } from 'zod/v4';
import {
  apiVersionSchema,
  instantSchema,
  keylessIdentitySchema,
  metadataSchema,
  oneOfFields,
  publicKeySchema,
  trustedRootSchema,
  windowInOrder,
} from './policyFields';

const NARROWED = ['identity', 'key', 'commit', 'bundle'] as const;

const distrustedSchema = z
  .strictObject({
    trustedRoot: trustedRootSchema
      .optional()
      .describe(
        'Alone: everything under this trusted root. Beside another field: narrows it to this root.',
      ),
    identity: keylessIdentitySchema.optional(),
    key: z.strictObject({ data: publicKeySchema }).optional(),
    commit: z
      .string()
      .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, {
        message:
          'write the whole commit in lower-case hexadecimal, 40 or 64 digits',
      })
      .optional()
      .describe('Git commit that was built, in full.'),
    bundle: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, {
        message: 'write the whole digest, sha256: and 64 hexadecimal digits',
      })
      .optional()
      .describe('Digest of one piece of evidence.'),
  })
  .check(({ value, issues }) => {
    const written = NARROWED.filter(name => value[name] !== undefined);
    if (written.length === 1) return;
    if (written.length === 0 && value.trustedRoot !== undefined) return;
    issues.push({
      code: 'custom',
      continue: true,
      input: value,
      path: written.length > 1 ? [written[1]] : [],
      message:
        written.length > 1
          ? `${written[0]} is written too. Write an entry for each: every entry is distrusted by itself.`
          : 'this distrusts nothing. Write one of identity, key, commit and bundle, or trustedRoot alone.',
    });
  })
  .meta({
    oneOf: [
      ...oneOfFields(...NARROWED).oneOf,
      {
        required: ['trustedRoot'],
        not: { anyOf: NARROWED.map(name => ({ required: [name] })) },
      },
    ],
  });

/**
 * Withdraws trust: evidence that it matches satisfies no policy, whichever
 * policy that is, from the moment it is loaded.
 *
 * @public
 */
export const distrustSchema = z
  .strictObject({
    apiVersion: apiVersionSchema,
    kind: z.literal('Distrust'),
    metadata: metadataSchema,
    spec: z
      .strictObject({
        distrusted: z
          .array(distrustedSchema)
          .min(1)
          .describe('What nobody believes any more; each entry by itself.'),
        signedAfter: instantSchema
          .optional()
          .describe('Only evidence whose verified time is not before this.'),
        signedBefore: instantSchema
          .optional()
          .describe('Only evidence whose verified time is before this.'),
        reason: z.string().min(1).describe('Shown wherever it decides.'),
      })
      .check(windowInOrder),
  })
  .describe(
    'Withdraws trust: evidence that it matches satisfies no policy, whichever policy that is.',
  );

/** @public */
export type Distrust = z.infer<typeof distrustSchema>;
