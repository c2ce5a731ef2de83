import { Entity } from '@backstage/catalog-model';
import { Config } from '@backstage/config';
import { ReferenceSource } from '@cloudythings/backstage-plugin-sigstore-node';
import { conventionSources } from './conventions';
import {
  Reading,
  ecr,
  ecrTags,
  ghcr,
  harbor,
  jfrog,
  nexus,
  quay,
  terasky,
} from './mappedAnnotations';
import { readMapping, readRegistryMapping } from './mappingConfig';

/**
 * What tells references besides our own annotations: those of other plugins, and
 * what the configuration says of kinds and types of entities.
 *
 * On without being configured is only what names artifacts in a public registry
 * all by itself. Whatever else is on needs to know where a registry is, or would
 * make every entity with a common annotation one that could not be checked.
 *
 * @param config - the root configuration
 * @param repositories - the administrator's mapping of entities
 * @throws InputError that names the key and the remedy
 */
export function mappingSources(
  config: Config,
  repositories: ReadonlyMap<string, string>,
): ReferenceSource[] {
  return [
    ...registrySources(config),
    ...plainSources(config),
    ...conventionSources(config, repositories),
  ];
}

const REGISTRIES = [
  { id: 'quay', read: quay, host: 'quay.io', isOn: true },
  { id: 'harbor', read: harbor },
  { id: 'jfrog', read: jfrog },
  { id: 'nexus', read: nexus },
  { id: 'ghcr', read: ghcr, host: 'ghcr.io' },
];

function registrySources(config: Config): ReferenceSource[] {
  return REGISTRIES.flatMap(({ id, read, ...defaults }) => {
    const mapping = readRegistryMapping(config, id, defaults);
    return mapping ? [sourceOf(id, read(mapping), mapping.isFor)] : [];
  });
}

const PLAIN = [
  { id: 'ecr', readings: { 'ecr-arn': ecr, 'ecr-tags': ecrTags } },
  { id: 'terasky', readings: { terasky } },
];

function plainSources(config: Config): ReferenceSource[] {
  return PLAIN.flatMap(({ id, readings }) => {
    const mapping = readMapping(config, id);
    if (!mapping) return [];
    return Object.entries(readings).map(([name, reading]) =>
      sourceOf(name, reading, mapping.isFor),
    );
  });
}

/** Reads one annotation of those entities that it is to be read of. */
function sourceOf(
  id: string,
  { annotation, read }: Reading,
  isFor: (entity: Entity) => boolean,
): ReferenceSource {
  return {
    id,
    title: annotation,
    annotations: [annotation],
    references: entity => {
      const { annotations = {} } = entity.metadata;
      const value = annotations[annotation];
      return typeof value === 'string' && isFor(entity)
        ? read(value, annotations)
        : [];
    },
  };
}
