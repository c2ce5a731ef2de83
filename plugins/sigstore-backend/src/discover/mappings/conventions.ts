import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { getJsonValueAtPath } from '@backstage/filter-predicates';
import { JsonObject } from '@backstage/types';
import {
  ARTIFACT_KINDS,
  ArtifactKind,
  artifactKindSchema,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  MappedReference,
  ReferenceSource,
} from '@cloudythings/backstage-plugin-sigstore-node';
import { repositoryOfLocation } from '../repository';
import { readFilter } from './mappingConfig';

const TEMPLATE = /\{\{\s*([^{}]*?)\s*\}\}/g;
const KNOWN =
  /^(?:repository|metadata\.(?:name|namespace|(?:annotations|labels)\..+)|spec\..+)$/;
/** What an entity's own text may put into a reference: nothing that ends a name. */
const VALUE = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
/** Up to where a template has to be the administrator's own words. */
const PLACE = /^(?:oci:\/\/|https:\/\/|s3:\/\/)?[^/{}:]+(?::[0-9]+)?\//;

const ANNOTATION = 'backstage.io/managed-by-location';

/** What of an entity is taken for an artifact. */
type Convention = {
  title: string;
  kind: ArtifactKind;
  isFor: (entity: Entity) => boolean;
  /** With `{{ … }}` for what the catalog says of the entity. */
  reference: string;
};

/**
 * Makes sources out of what the configuration says: which entities are modules,
 * policies and so on, and how their references follow from what the catalog says
 * of them.
 *
 * The host is the administrator's: nothing an entity says about itself can
 * choose it.
 *
 * @param repositories - the administrator's mapping of entities
 * @throws InputError that names the key and the remedy
 */
export function conventionSources(
  config: Config,
  repositories: ReadonlyMap<string, string>,
): ReferenceSource[] {
  const items =
    config.getOptionalConfigArray('sigstore.discover.conventions') ?? [];
  const titles = new Set<string>();
  return items.map((item, index) => {
    const key = `sigstore.discover.conventions[${index}]`;
    const convention = readConvention(item, key);
    if (titles.has(convention.title)) {
      throw new InputError(
        `${key} is called "${convention.title}" like another convention; give it a title of its own`,
      );
    }
    titles.add(convention.title);
    return {
      id: `convention-${index + 1}`,
      title: convention.title,
      references: entity =>
        convention.isFor(entity)
          ? [mapped(convention, entity, repositories)]
          : [],
    };
  });
}

function readConvention(config: Config, key: string): Convention {
  const written = config.getString('kind');
  const kind = artifactKindSchema.safeParse(written);
  if (!kind.success) {
    throw new InputError(
      `${key}.kind: "${written}" is not an artifact kind; use one of ${ARTIFACT_KINDS.join(
        ', ',
      )}`,
    );
  }
  const reference = config.getString('reference');
  if (!PLACE.test(reference)) {
    throw new InputError(
      `${key}.reference: "${reference}" does not begin with a host of its own; write it first, such as registry.example.com/modules/{{ metadata.name }}`,
    );
  }
  const names = [...reference.matchAll(TEMPLATE)].map(([, name]) => name);
  const unknown = names.find(name => !KNOWN.test(name));
  if (unknown !== undefined) {
    throw new InputError(
      `${key}.reference: {{ ${unknown} }} is not known; use repository, metadata.name, metadata.namespace, metadata.annotations.…, metadata.labels.… or spec.…`,
    );
  }
  return {
    title: config.getOptionalString('title') ?? `spec.type ${kind.data}`,
    kind: kind.data,
    reference,
    isFor: readFilter(config, `${key}.filter`) ?? hasTypeOf(kind.data),
  };
}

/** The type that is written by convention, where none other is configured. */
function hasTypeOf(kind: ArtifactKind) {
  return ({ spec }: Entity) => `${spec?.type}`.toLowerCase() === kind;
}

function mapped(
  { kind, reference }: Convention,
  entity: Entity,
  repositories: ReadonlyMap<string, string>,
): MappedReference {
  const problems: string[] = [];
  const filled = reference.replace(TEMPLATE, (whole, name: string) => {
    const value = valueOf(name, entity, repositories);
    if (value === undefined) {
      problems.push(`${name} of the entity, which is not there`);
      return whole;
    }
    if (!VALUE.test(value)) {
      problems.push(
        `${name} of the entity, which cannot be part of a reference`,
      );
      return whole;
    }
    return value;
  });
  if (problems.length === 0) return { kind, reference: filled };
  const problem = `the reference ${reference} needs ${problems.join(', and ')}`;
  return { kind, reference: filled, problem };
}

function valueOf(
  name: string,
  entity: Entity,
  repositories: ReadonlyMap<string, string>,
): string | undefined {
  if (name === 'repository') {
    const location = entity.metadata.annotations?.[ANNOTATION];
    return (
      repositories.get(stringifyEntityRef(entity)) ??
      repositoryOfLocation(location)
    )?.toLowerCase();
  }
  if (name === 'metadata.namespace') {
    return entity.metadata.namespace ?? 'default';
  }
  const value = getJsonValueAtPath(entity as unknown as JsonObject, name);
  return typeof value === 'string' || typeof value === 'number'
    ? `${value}`
    : undefined;
}
