import { Entity } from '@backstage/catalog-model';
import { JsonObject } from '@backstage/types';
import { STATUS_ANNOTATION } from '@cloudythings/backstage-plugin-sigstore-common';

/** Most characters of an entity that are kept for policies to ask for. */
export const MAX_DOCUMENT = 32_768;

/** Longer annotations are data for other plugins, which nobody selects by. */
const MAX_ANNOTATION = 1024;

/**
 * What policies may ask of an entity: kind, metadata, spec and relations as the
 * catalog has them. Left out are what changes by itself, the status that this
 * plugin computes, annotations of more than a thousand characters, and the
 * definition of an API.
 *
 * @returns undefined for an entity that is too large: what a policy asks for is
 * then not known, which judging never takes for a match
 */
export function documentOf(entity: Entity): JsonObject | undefined {
  const { uid, etag, annotations, ...metadata } = entity.metadata;
  const { definition, ...spec } = entity.spec ?? {};
  const kept = Object.entries(annotations ?? {}).filter(
    ([name, text]) =>
      name !== STATUS_ANNOTATION && text.length <= MAX_ANNOTATION,
  );
  const text = JSON.stringify({
    apiVersion: entity.apiVersion,
    kind: entity.kind,
    metadata: { ...metadata, annotations: Object.fromEntries(kept) },
    spec,
    relations: (entity.relations ?? []).map(({ type, targetRef }) => ({
      type,
      targetRef,
    })),
  });
  return text.length > MAX_DOCUMENT ? undefined : JSON.parse(text);
}
