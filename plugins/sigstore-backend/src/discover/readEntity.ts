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
import { DeclaredReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { ReferenceSource } from '@cloudythings/backstage-plugin-sigstore-node';
import {
  ANONYMOUS,
  AccessEntity,
  AccessRule,
  accessOf,
  rulesAbout,
} from '../access/AccessRule';
import { EntityRecord } from '../store/entityStatuses';
import { indexable } from '../store/storable';
import { documentOf } from './entityDocument';
import { entityReferences } from './entityReferences';
import { recordableReferences } from './recordableReferences';
import {
  enterpriseRepositoryOfLocation,
  repositoryOfLocation,
  repositoryOfSource,
} from './repository';

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

/** What reading an entity depends on besides the entity. */
export type ReadEntityPorts = {
  /**
   * The administrator's mapping, which goes before the location the entity was
   * read from.
   */
  repositories: ReadonlyMap<string, string>;
  /** What tells references besides our own annotations. */
  referenceSources: readonly ReferenceSource[];
  /** Who may make use of which credentials. */
  accessRules: readonly AccessRule[];
};

/**
 * Takes from an entity what this plugin keeps of it.
 *
 * @param entity - an entity of the catalog, at least with `ENTITY_FIELDS`
 */
export function readEntity(
  entity: Entity,
  { repositories, referenceSources, accessRules }: ReadEntityPorts,
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
  const { declared, unread } = entityReferences(entity, referenceSources);
  const location = entity.metadata.annotations?.[ANNOTATION_LOCATION];
  const repository =
    repositories.get(entityRef) ?? repositoryOfLocation(location);
  const enterpriseRepository = enterpriseRepositoryOfLocation(location);
  const access = { entityRef, repository, enterpriseRepository };
  const rules = rulesAbout(accessRules, entityRef);
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
    repository,
    ...(enterpriseRepository ? { enterpriseRepository } : {}),
    chosenRepository: repositoryOfSource(
      entity.metadata.annotations?.[ANNOTATION_SOURCE_LOCATION],
    ),
    dependencies: [...new Set(related(RELATION_DEPENDS_ON))].sort(),
    document: documentOf(entity),
    declared: recordableReferences(declared).map(item =>
      withAccess(item, access, rules),
    ),
    ...(rules.length > 0 ? { accessRules: rules } : {}),
    ...(unread.length > 0 ? { unread } : {}),
  };
}

function withAccess(
  item: DeclaredReference,
  entity: AccessEntity,
  rules: AccessRule[],
): EntityRecord['declared'][number] {
  const access = accessOf(rules, entity, item.reference);
  return access === ANONYMOUS ? item : { ...item, access };
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
