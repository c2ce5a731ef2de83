import {
  ANNOTATION_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
  Entity,
  RELATION_DEPENDS_ON,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { ReferenceSource } from '@cloudythings/backstage-plugin-sigstore-node';
import { EntityRecord } from '../store/entityStatuses';
import { indexable } from '../store/storable';
import { documentOf } from './entityDocument';
import { entityReferences } from './entityReferences';
import { recordableReferences } from './recordableReferences';
import { repositoryOfLocation, repositoryOfSource } from './repository';

/** The parts of an entity that `readEntity` looks at. */
export const ENTITY_FIELDS = [
  'apiVersion',
  'kind',
  'metadata',
  'spec',
  'relations',
];

/** The same of an API, whose definition is too large to be asked for. */
export const API_FIELDS = [
  'apiVersion',
  'kind',
  'metadata',
  'spec.type',
  'spec.lifecycle',
  'spec.owner',
  'spec.system',
  'relations',
];

/**
 * Takes from an entity what this plugin keeps of it.
 *
 * @param entity - an entity of the catalog, at least with `ENTITY_FIELDS`
 * @param repositories - the administrator's mapping, which goes before the
 * location the entity was read from
 * @param sources - what tells references besides our own annotations
 */
export function readEntity(
  entity: Entity,
  repositories: ReadonlyMap<string, string>,
  sources: readonly ReferenceSource[],
): EntityRecord {
  const entityRef = stringifyEntityRef(entity);
  const { kind, namespace, name } = parseEntityRef(entityRef);
  const text = (value: unknown) =>
    typeof value === 'string' && value !== '' ? indexable(value) : undefined;
  const related = (type: string) =>
    (entity.relations ?? [])
      .filter(relation => relation.type === type)
      .map(relation => relation.targetRef);
  const named = (value: unknown, defaultKind: string) => {
    const written = text(value);
    return written && refOrUndefined(written, defaultKind, namespace);
  };
  const { declared, unread } = entityReferences(entity, sources);
  const location = entity.metadata.annotations?.[ANNOTATION_LOCATION];
  return {
    entityRef,
    kind,
    namespace,
    name,
    title: text(entity.metadata.title),
    owner:
      text(related(RELATION_OWNED_BY)[0]) ?? named(entity.spec?.owner, 'group'),
    system:
      text(related(RELATION_PART_OF).find(ref => ref.startsWith('system:'))) ??
      named(entity.spec?.system, 'system'),
    lifecycle: text(entity.spec?.lifecycle),
    repository: repositories.get(entityRef) ?? repositoryOfLocation(location),
    chosenRepository: repositoryOfSource(
      entity.metadata.annotations?.[ANNOTATION_SOURCE_LOCATION],
    ),
    dependencies: [...new Set(related(RELATION_DEPENDS_ON))].sort(),
    document: documentOf(entity),
    declared: recordableReferences(declared),
    ...(unread.length > 0 ? { unread } : {}),
  };
}

function refOrUndefined(
  written: string,
  defaultKind: string,
  defaultNamespace: string,
): string | undefined {
  try {
    return stringifyEntityRef(
      parseEntityRef(written, { defaultKind, defaultNamespace }),
    );
  } catch {
    return undefined;
  }
}
