import { z } from 'zod/v4';

/**
 * Every status an artifact can have, worst first. The order is the roll-up
 * order and part of the public contract.
 *
 * @public
 */
export const ARTIFACT_STATUSES = [
  'evidence-mismatch',
  'unexpected-signer',
  'signature-lost',
  'outside-validity',
  'unknown-authority',
  'evidence-incomplete',
  'no-signature',
  'could-not-check',
  'unsupported-format',
  'stale',
  'pending',
  'no-policy',
  'exempt',
  'expected-signer',
] as const;

/** @public */
export type ArtifactStatus = (typeof ARTIFACT_STATUSES)[number];

/** @public */
export const artifactStatusSchema = z.enum(ARTIFACT_STATUSES);

/**
 * Statuses of an entity: those of its worst required artifact, or
 * `not-covered` when it has none.
 *
 * @public
 */
export const ENTITY_STATUSES = [...ARTIFACT_STATUSES, 'not-covered'] as const;

/** @public */
export type EntityStatus = (typeof ENTITY_STATUSES)[number];

/** @public */
export const entityStatusSchema = z.enum(ENTITY_STATUSES);

/**
 * How a status is shown. A tone is never the only carrier of meaning: every
 * status has a label and an icon of its own.
 *
 * @public
 */
export type StatusTone = 'red' | 'amber' | 'grey' | 'blue' | 'green';

/** @public */
export const enforcementModeSchema = z.enum(['enforce', 'warn']);

/**
 * How the rules that cover an artifact want failures shown.
 *
 * @public
 */
export type EnforcementMode = z.infer<typeof enforcementModeSchema>;

/** @public */
export type StatusDescription = {
  label: string;
  /** How the label continues a count: "1 signed by someone else". */
  countLabel: string;
  meaning: string;
  tone: StatusTone;
};

const DESCRIPTIONS: Record<EntityStatus, StatusDescription> = {
  'evidence-mismatch': {
    label: 'Evidence does not match',
    countLabel: 'whose evidence does not match',
    meaning:
      'The signature, certificate, log entry or content contradict each other or the artifact.',
    tone: 'red',
  },
  'unexpected-signer': {
    label: 'Signed by someone else',
    countLabel: 'signed by someone else',
    meaning:
      'The evidence holds, but none of the allowed signers made it, or trust in its signer was withdrawn.',
    tone: 'red',
  },
  'signature-lost': {
    label: 'Used to be signed',
    countLabel: 'used to be signed',
    meaning:
      'Evidence for this very artifact disappeared everywhere, or an earlier version had stronger evidence.',
    tone: 'red',
  },
  'outside-validity': {
    label: "Signed outside the certificate's validity",
    countLabel: "signed outside the certificate's validity",
    meaning:
      "No attested time lies inside the certificate's window. (A short-lived certificate being over today is normal.)",
    tone: 'red',
  },
  'unknown-authority': {
    label: 'Signed under an authority not trusted here',
    countLabel: 'signed under an unknown authority',
    meaning:
      'The certificate, key, log or timestamp leads to no authority that is configured here, or to one that was withdrawn.',
    tone: 'red',
  },
  'evidence-incomplete': {
    label: 'Evidence incomplete',
    countLabel: 'with incomplete evidence',
    meaning:
      'Sound as far as it goes; a required log entry, timestamp or attestation is missing.',
    tone: 'amber',
  },
  'no-signature': {
    label: 'No signature found',
    countLabel: 'without a signature',
    meaning: 'Every source answered, and none has a signature.',
    tone: 'amber',
  },
  'could-not-check': {
    label: 'Could not check',
    countLabel: 'could not be checked',
    meaning:
      'A source did not answer, refused, or held more than is read. This says nothing about the signature.',
    tone: 'grey',
  },
  'unsupported-format': {
    label: 'Format not understood',
    countLabel: 'in a format not understood',
    meaning:
      'There is something, of a media type or kind that is not read yet.',
    tone: 'grey',
  },
  stale: {
    label: 'Not re-checked',
    countLabel: 'not re-checked in time',
    meaning:
      'The last result is older than the rule allows, or trust changed since and it was not verified again yet.',
    tone: 'grey',
  },
  pending: {
    label: 'Not checked yet',
    countLabel: 'not checked yet',
    meaning: 'New here; the first check is queued.',
    tone: 'grey',
  },
  'no-policy': {
    label: 'Signed, no rule says by whom',
    countLabel: 'signed, with no rule',
    meaning: 'The evidence holds, and no rule says who should have signed.',
    tone: 'blue',
  },
  exempt: {
    label: 'Exception',
    countLabel: 'under an exception',
    meaning:
      'Not as expected; a dated exception with an owner and a reason covers that.',
    tone: 'grey',
  },
  'expected-signer': {
    label: 'Signed by expected signer',
    countLabel: 'as expected',
    meaning:
      'The evidence holds, is about this very digest, and an allowed signer made it.',
    tone: 'green',
  },
  'not-covered': {
    label: 'Nothing declared',
    countLabel: 'not covered',
    meaning: 'The entity declares nothing that could be signed.',
    tone: 'grey',
  },
};

/**
 * Gives the words and the look of a status under a mode: `warn` shows what
 * would be red as amber, `enforce` shows a missing signature as red.
 *
 * @public
 */
export function describeStatus(
  status: EntityStatus,
  mode?: EnforcementMode,
): StatusDescription {
  const description = DESCRIPTIONS[status];
  if (mode === 'warn' && description.tone === 'red') {
    return { ...description, tone: 'amber' };
  }
  if (mode === 'enforce' && status === 'no-signature') {
    return { ...description, tone: 'red' };
  }
  return description;
}

/**
 * Orders two statuses for lists: negative when the first is worse.
 *
 * @public
 */
export function compareStatuses(a: EntityStatus, b: EntityStatus): number {
  return ENTITY_STATUSES.indexOf(a) - ENTITY_STATUSES.indexOf(b);
}

/** @public */
export type StatusCounts = Partial<Record<ArtifactStatus, number>>;

/**
 * Rolls the statuses of an entity's required artifacts up into one: the worst
 * by the published order. No required artifact is `not-covered`, never green.
 *
 * @param required - statuses of the required artifacts, in any order
 * @public
 */
export function rollUp(required: readonly ArtifactStatus[]): EntityStatus {
  let worst: EntityStatus = 'not-covered';
  for (const status of required) {
    if (compareStatuses(status, worst) < 0) worst = status;
  }
  return worst;
}

/**
 * Counts statuses, for "5 artifacts: 2 as expected, …".
 *
 * @public
 */
export function countStatuses(
  statuses: readonly ArtifactStatus[],
): StatusCounts {
  const counts: StatusCounts = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
