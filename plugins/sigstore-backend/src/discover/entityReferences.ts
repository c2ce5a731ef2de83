import { Entity } from '@backstage/catalog-model';
import { stringifyError } from '@backstage/errors';
import {
  DeclaredReference,
  MAX_REFERENCE_LENGTH,
  artifactKindSchema,
  lineOf,
  parseReference,
  readDeclaredReferences,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  MappedReference,
  ReferenceSource,
} from '@cloudythings/backstage-plugin-sigstore-node';
import { unreadRow } from './unrecorded';

const MAX_CAUSE = 300;

/** What an entity declares, and which sources could not say. */
export type EntityReferences = {
  declared: DeclaredReference[];
  /** Titles of the sources that failed; what they gave before stays. */
  unread: string[];
};

/**
 * Reads what an entity declares: by our own annotations, and by those of others
 * through `sources`. What several name is one reference, declared by the first
 * that names it, and our own go first. Where our own name a repository, that its
 * newest release counts is no longer said by others. Never throws: a source that fails is a row
 * that says so.
 */
export function entityReferences(
  entity: Entity,
  sources: readonly ReferenceSource[],
): EntityReferences {
  const declared = readDeclaredReferences(entity);
  const known = new Set(declared.map(nameOf));
  const own = [...declared];
  const unread: string[] = [];
  for (const source of sources) {
    let mapped: DeclaredReference[];
    try {
      mapped = source.references(entity).map(item => read(item, source.title));
    } catch (error) {
      const cause = stringifyError(error).slice(0, MAX_CAUSE);
      mapped = [unreadRow(source.title, cause)];
      unread.push(source.title);
    }
    for (const item of mapped) {
      if (known.has(nameOf(item))) continue;
      if (isNewest(item) && own.some(one => isOfSameLine(one, item))) continue;
      known.add(nameOf(item));
      declared.push(item);
    }
  }
  return { declared, unread };
}

function nameOf({ kind, reference }: DeclaredReference): string {
  return `${kind} ${reference}`;
}

function isOfSameLine(one: DeclaredReference, other: DeclaredReference) {
  return (
    one.kind === other.kind && lineOf(one.reference) === lineOf(other.reference)
  );
}

function isNewest({ reference }: DeclaredReference): boolean {
  const result = parseReference(reference);
  return result.ok && result.parsed.type === 'oci' && !!result.parsed.newest;
}

/** Throws what says which part of it is none. */
function read(item: MappedReference, declaredBy: string): DeclaredReference {
  const kind = artifactKindSchema.parse(item.kind);
  const result = parseReference(item.reference);
  if (result.ok && item.problem === undefined) {
    return { kind, reference: result.canonical, declaredBy };
  }
  const problem = item.problem ?? (result.ok ? '' : result.problem);
  const reference = item.reference.slice(0, MAX_REFERENCE_LENGTH);
  return { kind, reference, declaredBy, problem };
}
