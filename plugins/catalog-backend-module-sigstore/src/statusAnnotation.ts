import { Entity } from '@backstage/catalog-model';
import { JsonObject, JsonValue } from '@backstage/types';
import {
  EntityStatus,
  STATUS_ANNOTATION,
} from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * The path under which the catalog's search finds the annotation. Search joins
 * keys by dots and ignores case, so that keys spelt differently end up there
 * too.
 */
const SEARCH_PATH = `metadata.annotations.${STATUS_ANNOTATION}`.toLowerCase();

/**
 * Gives an entity the computed annotation, or none. Whatever else in the
 * entity would be found by a search for the annotation is removed: nobody
 * writes their own status.
 *
 * @param entity - not changed; a copy comes back where something differs
 * @param status - what to write; undefined removes the annotation
 */
export function withStatusAnnotation(
  entity: Entity,
  status: EntityStatus | undefined,
): Entity {
  const metadata = withoutClaims(
    entity.metadata,
    'metadata',
  ) as Entity['metadata'];
  if (status === undefined) return { ...entity, metadata };
  return {
    ...entity,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [STATUS_ANNOTATION]: status },
    },
  };
}

function withoutClaims(
  value: JsonValue | undefined,
  path: string,
): JsonValue | undefined {
  if (!SEARCH_PATH.startsWith(`${path}.`)) return value;
  if (Array.isArray(value)) {
    // A text in a list is searched as if it were a key.
    return value
      .filter(item => `${path}.${item}`.toLowerCase() !== SEARCH_PATH)
      .map(item => withoutClaims(item, path) as JsonValue);
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept: JsonObject = {};
  for (const [key, child] of Object.entries(value)) {
    const childPath = `${path}.${key}`.toLowerCase();
    if (childPath !== SEARCH_PATH) kept[key] = withoutClaims(child, childPath);
  }
  return kept;
}
