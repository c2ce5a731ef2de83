import { JsonObject } from '@backstage/types';
import {
  FilterPredicate,
  evaluateFilterPredicate,
} from '@backstage/filter-predicates';
import {
  ArtifactKind,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { matchesGlob } from './patterns';

const FILE = /^(?:https|file):/;
const DIGEST = /@(sha256:[0-9a-f]{64})$/;

/** An artifact as an entity declares it. */
export type Declared = {
  kind: ArtifactKind;
  /** Canonical form. */
  reference: string;
  /** What the catalog says of the entity, where that is known. */
  document?: JsonObject;
};

type Selector = TrustPolicy['spec']['artifacts'][number];

/** Whether a policy covers an artifact. */
export function covers({ spec }: TrustPolicy, artifact: Declared): boolean {
  return spec.artifacts.some(
    selector =>
      selector.kind === artifact.kind &&
      isNamed(selector, artifact) &&
      isSelected(selector, artifact),
  );
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
        return artifact.document === undefined
          ? `the policy "${metadata.name}" covers ${artifact.reference} of some entities, and what the catalog says of this one is not known`
          : `the policy "${metadata.name}" covers ${artifact.reference} of other entities, by what the catalog says of them`;
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

/** By the catalog's own predicates; of what is not known, nothing is selected. */
function isSelected({ entity }: Selector, { document }: Declared): boolean {
  if (entity === undefined) return true;
  if (document === undefined) return false;
  try {
    return evaluateFilterPredicate(entity as FilterPredicate, document);
  } catch {
    // Predicates are checked when they are loaded; a bad one selects nothing.
    return false;
  }
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
