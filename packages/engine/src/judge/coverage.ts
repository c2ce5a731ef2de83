import { JsonObject } from '@backstage/types';
import {
  ArtifactKind,
  Finding,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { fieldsOf, selects } from './entitySelection';
import { matchesGlob } from './patterns';

const FILE = /^(?:https|file):/;
const DIGEST = /@(sha256:[0-9a-f]{64})$/;

/** An artifact as an entity declares it. */
export type Declared = {
  kind: ArtifactKind;
  /** Canonical form. */
  reference: string;
  entityRef: string;
  /** What the catalog says of the entity, as far as that is known. */
  document?: JsonObject;
};

type Selector = TrustPolicy['spec']['artifacts'][number];

/**
 * Whether a policy covers an artifact.
 *
 * @returns undefined where that depends on what is not known of the entity
 */
export function covers(
  { spec }: TrustPolicy,
  artifact: Declared,
): boolean | undefined {
  const answers = spec.artifacts
    .filter(
      selector =>
        selector.kind === artifact.kind && isNamed(selector, artifact),
    )
    .map(
      ({ entity }) =>
        entity === undefined || selects(entity, artifact.document),
    );
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/**
 * Says what of an entity is to be known before one knows whether a policy
 * covers an artifact. Until then it may be the policy that is not satisfied.
 */
export function undecided(
  { metadata, spec }: TrustPolicy,
  artifact: Declared,
): Finding {
  const { kind, reference, entityRef } = artifact;
  const asked = spec.artifacts
    .filter(one => one.kind === kind && isNamed(one, artifact))
    .flatMap(({ entity }) => (entity ? fieldsOf(entity) : []));
  const fields = [...new Set(asked)].join(', ');
  return {
    code: 'entity-unknown',
    detail: `whether the policy "${
      metadata.name
    }" covers ${reference} depends on ${fields} of ${
      entityRef || 'its entity'
    }`,
  };
}

/**
 * Says which policy would cover an artifact if it were declared otherwise: as
 * another kind, by another form of its path, or by an entity that says
 * something else about itself. What an entity writes about itself must not
 * exchange that policy for the weaker built-in rule.
 *
 * A policy that names no references is about a kind alone and says nothing
 * about artifacts of others.
 */
export function coveredOtherwise(
  policies: readonly TrustPolicy[],
  artifact: Declared,
): string | undefined {
  for (const { metadata, spec } of policies) {
    for (const selector of spec.artifacts) {
      const { kind, reference } = selector;
      if (kind === artifact.kind && isNamed(selector, artifact)) {
        return `the policy "${metadata.name}" covers ${artifact.reference} of other entities, by what the catalog says of them`;
      }
      if (reference === undefined) continue;
      if (kind !== artifact.kind && matchesReference(reference, artifact)) {
        return `the policy "${metadata.name}" covers ${artifact.reference} as ${kind}, not as ${artifact.kind}`;
      }
      if (mayBeSameFile(reference, artifact.reference)) {
        return `the policy "${metadata.name}" may cover ${artifact.reference} and writes its path in another form`;
      }
    }
  }
  return undefined;
}

function isNamed({ reference }: Selector, artifact: Declared): boolean {
  return reference === undefined || matchesReference(reference, artifact);
}

/** A tag before a digest is a comment, and so is leaving it out. */
function matchesReference(glob: string, { reference }: Declared): boolean {
  if (matchesGlob(glob, reference)) return true;
  const [suffix, digest] = DIGEST.exec(reference) ?? [];
  if (suffix === undefined || FILE.test(reference)) return false;
  const name = reference.slice(0, -suffix.length);
  const hasTag = name.lastIndexOf(':') > name.lastIndexOf('/');
  return matchesGlob(glob, hasTag ? name : `${name}:${digest}`);
}

/**
 * Which folder a path without a leading slash lies below is not known here: it
 * may be any file that a policy names by its whole path.
 */
function mayBeSameFile(glob: string, reference: string): boolean {
  if (!glob.startsWith('file:') || !reference.startsWith('file:')) return false;
  const isWhole = reference.startsWith('file:/');
  if (glob.startsWith('file:/') === isWhole) return false;
  if (!isWhole) return true;
  const parts = reference.slice('file:/'.length).split('/');
  return parts.some((_, from) =>
    matchesGlob(glob, `file:${parts.slice(from).join('/')}`),
  );
}
