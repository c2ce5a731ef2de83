import { z } from 'zod/v4';
import { artifactKindSchema } from './artifacts';
import { enforcementModeSchema } from './statuses';

/**
 * Most characters of a pattern or a glob. Patterns run in linear time; this
 * keeps compiling them cheap, too.
 *
 * @public
 */
export const MAX_PATTERN_LENGTH = 1024;

const pattern = z.string().min(1).max(MAX_PATTERN_LENGTH);
const instant = z.iso.datetime();
const predicateType = z.string().min(1);

/** A date stands for its whole day, in UTC. */
const day = z.iso.date();

const either = (
  value: Record<string, unknown>,
  exact: string,
  expression: string,
) => (value[exact] === undefined) !== (value[expression] === undefined);

const keylessIdentitySchema = z
  .strictObject({
    issuer: z.string().min(1).optional(),
    issuerRegExp: pattern.optional(),
    subject: pattern.optional(),
    subjectRegExp: pattern.optional(),
  })
  .refine(identity => either(identity, 'issuer', 'issuerRegExp'), {
    message: 'write either issuer or issuerRegExp',
    path: ['issuer'],
  })
  .refine(identity => either(identity, 'subject', 'subjectRegExp'), {
    message: 'write either subject or subjectRegExp',
  });

/**
 * Who may sign, in the field names of ClusterImagePolicy. An identity without
 * an issuer is refused: the same identity string exists under many issuers.
 *
 * @public
 */
export type KeylessIdentity = z.infer<typeof keylessIdentitySchema>;

const keylessSchema = z.strictObject({
  /** A configured trusted root, by name. */
  trustedRoot: z.string().min(1),
  identities: z.array(keylessIdentitySchema).min(1),
  /** Exact values of Fulcio's certificate extensions, by name; all must hold. */
  extensions: z
    .record(z.string(), z.string().min(1))
    .refine(extensions => Object.keys(extensions).length > 0, {
      message: 'name at least one extension',
    })
    .optional(),
});

const keySchema = z.strictObject({
  /** Whose logs and timestamps count; with the thresholds of that root. */
  trustedRoot: z.string().min(1),
  /** A public key in PEM form (SubjectPublicKeyInfo). */
  data: z.string().min(1).max(16_384),
});

/** @public */
export type TrustPolicyKey = z.infer<typeof keySchema>;

const authoritySchema = z
  .strictObject({
    name: z.string().min(1),
    keyless: keylessSchema.optional(),
    key: keySchema.optional(),
    /** The verified time of signing must not be before this. */
    signedAfter: instant.optional(),
    /** The verified time of signing must be before this. */
    signedBefore: instant.optional(),
    /** What must be there; see `requirementOf`. */
    require: z.enum(['signature', 'attestations', 'both']).optional(),
    /** Statements that this very authority must have signed, each of them. */
    attestations: z.array(z.strictObject({ predicateType })).min(1).optional(),
  })
  .refine(authority => either(authority, 'keyless', 'key'), {
    message: 'write either keyless or key',
  })
  .refine(
    ({ require, attestations }) =>
      require === undefined ||
      require === 'signature' ||
      attestations !== undefined,
    { message: 'list the attestations it requires', path: ['attestations'] },
  )
  .refine(
    ({ require, attestations }) =>
      require !== 'signature' || attestations === undefined,
    {
      message:
        'attestations are listed, but only a signature is required; write attestations or both',
      path: ['require'],
    },
  )
  .refine(
    ({ signedAfter, signedBefore }) =>
      signedAfter === undefined ||
      signedBefore === undefined ||
      Date.parse(signedAfter) < Date.parse(signedBefore),
    { message: 'the window ends before it starts', path: ['signedBefore'] },
  );

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
const durationPattern = /^([1-9][0-9]{0,4})(d|h|m)$/;
const duration = z.string().regex(durationPattern, {
  message: 'write a number and d, h or m, such as 30d',
});

/**
 * Milliseconds of a duration as policies write it.
 *
 * @param text - such as `30d`, `12h`, `45m`
 * @returns undefined where it is not one
 * @public
 */
export function durationMs(text: string): number | undefined {
  const [, count, unit] = durationPattern.exec(text) ?? [];
  if (unit === undefined) return undefined;
  const minutes = { d: 24 * 60, h: 60, m: 1 }[unit as 'd' | 'h' | 'm'];
  return Number(count) * minutes * 60_000;
}

/** A catalog filter predicate; what it may contain is checked on loading. */
const filterPredicate = z.record(z.string(), z.json());

const metadataSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
    message:
      'write lower-case letters, digits and dashes, at most 63, with a letter or digit at both ends',
  }),
});
const apiVersion = z.literal('cloudythings.io/v1alpha1');

/**
 * One trust policy document: which signer is expected on which artifacts. Any
 * one authority suffices, each one whole; every policy that matches an
 * artifact must be satisfied. Fields that are not listed here are errors, so
 * that a rule never silently means less than it says.
 *
 * @public
 */
export const trustPolicySchema = z.strictObject({
  apiVersion,
  kind: z.literal('TrustPolicy'),
  metadata: metadataSchema,
  spec: z.strictObject({
    artifacts: z
      .array(
        z.strictObject({
          kind: artifactKindSchema,
          reference: pattern.optional(),
          entity: filterPredicate.optional(),
        }),
      )
      .min(1),
    /** Where evidence must be stored: any one of these. */
    evidence: z.array(z.enum(EVIDENCE_PLACES)).min(1).optional(),
    authorities: z.array(authoritySchema).min(1),
    /**
     * Where `{{ repository }}` comes from: `managed-by-location` where it is not
     * written, which only ingestion and administrators set. `source-location`
     * can be chosen by the entity itself.
     */
    repositoryFrom: z
      .enum(['managed-by-location', 'source-location'])
      .optional(),
    mode: enforcementModeSchema.default('enforce'),
    exception: z
      .strictObject({
        /** The last day it applies, in UTC. */
        until: day,
        owner: z.string().min(1),
        reason: z.string().min(1),
      })
      .optional(),
    maxAge: duration.optional(),
  }),
});

/** @public */
export type TrustPolicy = z.infer<typeof trustPolicySchema>;

/** @public */
export type TrustPolicyException = NonNullable<
  TrustPolicy['spec']['exception']
>;

const distrustedSchema = z
  .strictObject({
    /** Everything under this trusted root. */
    trustedRoot: z.string().min(1).optional(),
    identity: keylessIdentitySchema.optional(),
    /** A public key in PEM form. */
    key: z.strictObject({ data: z.string().min(1).max(16_384) }).optional(),
    /** Git commit that was built, in hexadecimal (40 or 64 digits). */
    commit: z
      .string()
      .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, {
        message: 'write the whole commit in lower-case hexadecimal',
      })
      .optional(),
    /** Digest of a piece of evidence. */
    bundle: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, { message: 'write sha256:… in full' })
      .optional(),
  })
  .refine(
    ({ identity, key, commit, bundle, trustedRoot }) =>
      [identity, key, commit, bundle].filter(one => one !== undefined)
        .length === 1 ||
      (trustedRoot !== undefined &&
        [identity, key, commit, bundle].every(one => one === undefined)),
    {
      message:
        'write one of identity, key, commit and bundle, or trustedRoot alone; a trustedRoot beside one of them narrows it to that root',
    },
  );

/**
 * Withdraws trust: evidence that it matches satisfies no policy, whichever
 * policy that is, from the moment it is loaded.
 *
 * @public
 */
export const distrustSchema = z.strictObject({
  apiVersion,
  kind: z.literal('Distrust'),
  metadata: metadataSchema,
  spec: z
    .strictObject({
      distrusted: z.array(distrustedSchema).min(1),
      /** Only evidence whose verified time is not before this. */
      signedAfter: instant.optional(),
      /** Only evidence whose verified time is before this. */
      signedBefore: instant.optional(),
      reason: z.string().min(1),
    })
    .refine(
      ({ signedAfter, signedBefore }) =>
        signedAfter === undefined ||
        signedBefore === undefined ||
        Date.parse(signedAfter) < Date.parse(signedBefore),
      { message: 'the window ends before it starts', path: ['signedBefore'] },
    ),
});

/** @public */
export type Distrust = z.infer<typeof distrustSchema>;

/**
 * Any document of a policy file, told apart by its `kind`.
 *
 * @public
 */
export const trustDocumentSchema = z.discriminatedUnion('kind', [
  trustPolicySchema,
  distrustSchema,
]);

/** @public */
export type TrustDocument = z.infer<typeof trustDocumentSchema>;

/**
 * Name of the rule that applies where no policy does: an image built on GitHub
 * should be signed by a workflow of the entity's own repository.
 *
 * @public
 */
export const SAME_REPOSITORY_POLICY = 'same-repository';
