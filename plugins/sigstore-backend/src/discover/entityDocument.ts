import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
  Entity,
} from '@backstage/catalog-model';
import { JsonObject, JsonValue } from '@backstage/types';
import { STATUS_ANNOTATION } from '@cloudythings/backstage-plugin-sigstore-common';

/** Most characters of an entity that are kept for policies to ask for. */
export const MAX_DOCUMENT = 32_768;

/** Longer annotations are data for other plugins, which nobody selects by. */
const MAX_ANNOTATION = 1024;

/** Most annotations that are left out by their names. */
const MAX_NAMED = 32;

/** What changes by itself, and the status that this plugin computes. */
const NEVER_KEPT = [
  'metadata.uid',
  'metadata.etag',
  `metadata.annotations.${STATUS_ANNOTATION}`,
];

const LOCATIONS: readonly string[] = [
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
];

const SPEC_FIELDS = ['type', 'lifecycle', 'owner', 'system'];

/** Of an API, the definition is never asked for, and so nothing else of spec. */
const KNOWN_OF_API = [
  'apiVersion',
  'kind',
  'metadata',
  'relations',
  ...SPEC_FIELDS.map(field => `spec.${field}`),
];

/**
 * What policies may ask of an entity: kind, metadata, spec and relations as the
 * catalog has them. Left out are what changes by itself, the status that this
 * plugin computes, annotations of more than a thousand characters, and the
 * definition of an API. Of an entity that is too large, only what names it,
 * where it comes from, what it belongs to and its relations are kept.
 *
 * `omitted` lists what was left out, `known` what alone was not: whether a
 * policy that asks for anything else covers the entity is not known, and never
 * taken for a no.
 */
export function documentOf(entity: Entity): JsonObject {
  const whole = wholeOf(entity);
  if (fits(whole)) return plain(whole);
  const related = reducedOf(entity, true);
  return plain(fits(related) ? related : reducedOf(entity, false));
}

/** Whether an entity is so large that only a part of it is kept. */
export function isReduced(document: JsonObject): boolean {
  return Array.isArray(document.known) && !document.known.includes('metadata');
}

function wholeOf(entity: Entity): object {
  const { uid, etag, annotations, ...metadata } = entity.metadata;
  const { definition, ...spec } = entity.spec ?? {};
  const all = Object.entries(annotations ?? {}).filter(
    ([name]) => name !== STATUS_ANNOTATION,
  );
  const kept = all.filter(([, text]) => text.length <= MAX_ANNOTATION);
  const long = all.filter(([, text]) => text.length > MAX_ANNOTATION);
  return {
    apiVersion: entity.apiVersion,
    kind: entity.kind,
    metadata: { ...metadata, annotations: Object.fromEntries(kept) },
    spec,
    relations: relationsOf(entity),
    omitted: [
      ...NEVER_KEPT,
      ...(long.length > MAX_NAMED
        ? ['metadata.annotations']
        : long.map(([name]) => `metadata.annotations.${name}`)),
      ...(definition === undefined ? [] : ['spec.definition']),
    ],
    ...(isApi(entity) ? { known: KNOWN_OF_API } : {}),
  };
}

function reducedOf(entity: Entity, withRelations: boolean): object {
  const { name, namespace, annotations = {} } = entity.metadata;
  const locations = shortOf(annotations, LOCATIONS);
  const spec = shortOf(entity.spec ?? {}, SPEC_FIELDS);
  return {
    apiVersion: entity.apiVersion,
    kind: entity.kind,
    metadata: { name, namespace, annotations: locations.kept },
    spec: spec.kept,
    ...(withRelations ? { relations: relationsOf(entity) } : {}),
    known: [
      'apiVersion',
      'kind',
      'metadata.name',
      'metadata.namespace',
      ...locations.known.map(field => `metadata.annotations.${field}`),
      ...spec.known.map(field => `spec.${field}`),
      ...(withRelations ? ['relations'] : []),
    ],
  };
}

/** Some fields, as far as they are not too long; that one is not there is known. */
function shortOf(
  values: Record<string, JsonValue | undefined>,
  fields: readonly string[],
) {
  const known = fields.filter(
    field => JSON.stringify(values[field] ?? '').length <= MAX_ANNOTATION,
  );
  const kept = Object.fromEntries(known.map(field => [field, values[field]]));
  return { known, kept };
}

function relationsOf({ relations = [] }: Entity): object[] {
  return relations.map(({ type, targetRef }) => ({ type, targetRef }));
}

function isApi({ kind }: Entity): boolean {
  return kind.toLocaleLowerCase('en-US') === 'api';
}

function fits(document: object): boolean {
  return JSON.stringify(document).length <= MAX_DOCUMENT;
}

/** As it is stored: without what is undefined. */
function plain(document: object): JsonObject {
  return JSON.parse(JSON.stringify(document));
}
