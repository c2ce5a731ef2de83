import { z } from 'zod/v4';

/**
 * Most characters of a pattern or a glob. Patterns run in linear time; this
 * keeps compiling them cheap, too.
 *
 * @public
 */
export const MAX_PATTERN_LENGTH = 1024;

export const patternSchema = z.string().min(1).max(MAX_PATTERN_LENGTH);

/** A moment in UTC. */
export const instantSchema = z.iso.datetime();

export const apiVersionSchema = z
  .literal('cloudythings.io/v1alpha1')
  .describe('Version of this form of document.');

export const metadataSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
      message:
        'write lower-case letters, digits and dashes, at most 63, with a letter or digit at both ends',
    })
    .describe('Shown with every verdict; no two documents share one.'),
});

/** A public key; what is in it is checked when policies are loaded. */
export const publicKeySchema = z
  .string()
  .min(1)
  .max(16_384)
  .describe('A public key in PEM form (-----BEGIN PUBLIC KEY-----).');

export const trustedRootSchema = z
  .string()
  .min(1)
  .describe('A configured trusted root, by name.');

/** For editors: exactly one of these fields. */
export function oneOfFields(...names: string[]) {
  return { oneOf: names.map(name => ({ required: [name] })) };
}

type Refinement = { issues: z.core.$ZodRawIssue[]; value: unknown };

/**
 * Exactly one of two fields: points at the second where both are there.
 *
 * @param missing - what to do where neither is
 */
export function eitherOf<A extends string, B extends string>(
  exact: A,
  other: B,
  missing: string,
) {
  return ({
    value,
    issues,
  }: Refinement & { value: { [K in A | B]?: unknown } }) => {
    const has = (name: A | B) => value[name] !== undefined;
    if (has(exact) !== has(other)) return;
    const both = has(exact);
    issues.push({
      code: 'custom',
      continue: true,
      input: value,
      path: both ? [other] : [],
      message: both
        ? `${exact} is written too, and only one of them can count. Keep one.`
        : missing,
    });
  };
}

/** A window of time that ends after it starts. */
export function windowInOrder({
  value,
  issues,
}: Refinement & { value: { signedAfter?: string; signedBefore?: string } }) {
  const { signedAfter, signedBefore } = value;
  if (signedAfter === undefined || signedBefore === undefined) return;
  if (Date.parse(signedAfter) < Date.parse(signedBefore)) return;
  issues.push({
    code: 'custom',
    continue: true,
    input: value,
    path: ['signedBefore'],
    message: `the window ends before it starts (signedAfter is ${signedAfter}). Exchange the two, or correct one.`,
  });
}

export const keylessIdentitySchema = z
  .strictObject({
    issuer: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Who vouched for the identity, exactly: the URL of an identity provider.',
      ),
    issuerRegExp: patternSchema
      .optional()
      .describe(
        'Instead of issuer: a pattern that the whole issuer must match, in RE2 syntax.',
      ),
    subject: patternSchema
      .optional()
      .describe(
        'The identity, exactly. {{ repository }} stands for owner/name of the entity on GitHub.',
      ),
    subjectRegExp: patternSchema
      .optional()
      .describe(
        'Instead of subject: a pattern that the whole identity must match, in RE2 syntax.',
      ),
  })
  .check(
    eitherOf(
      'issuer',
      'issuerRegExp',
      'an identity needs its issuer, because the same identity exists under many. Add issuer: with the URL of the identity provider.',
    ),
    eitherOf(
      'subject',
      'subjectRegExp',
      'an identity needs its subject. Add subject: with the identity exactly, or subjectRegExp: with a pattern.',
    ),
  )
  .meta({
    description: 'Who may sign, in the field names of ClusterImagePolicy.',
    allOf: [
      oneOfFields('issuer', 'issuerRegExp'),
      oneOfFields('subject', 'subjectRegExp'),
    ],
  });

/**
 * Who may sign, in the field names of ClusterImagePolicy. An identity without
 * an issuer is refused: the same identity string exists under many issuers.
 *
 * @public
 */
export type KeylessIdentity = z.infer<typeof keylessIdentitySchema>;
