import { InputError } from '@backstage/errors';
import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  canonicalGlob,
  fillTemplate,
  matchesGlob,
} from '@cloudythings/sigstore-engine';

import { ReferenceAccess, writeAccess } from './referenceAccess';

/** What is asked without credentials, as everybody may. */
export const ANONYMOUS = '';

/** Host or bucket, which no glob and no entity has a say in. */
const PLACE = /^(?:[a-z0-9]+:\/\/)?[^/*{]*\//;

/** References that one entity, or every entity by its repository, may ask for with credentials. */
export type AccessGrant = {
  /** Full reference of the entity, in lower case; any entity when left out. */
  entityRef?: string;
  /** Globs; `{{ repository }}` stands for the repository of the entity. */
  references: string[];
};

/** Who may make use of some credentials, as an administrator says. */
export type AccessRule = {
  /** Stable name, which tells stored rows of one access from those of another. */
  name: string;
  grants: AccessGrant[];
  /**
   * A GitHub whose repositories have evidence that only entities kept in them
   * may show.
   */
  repositoriesOf?: string;
};

/**
 * All rules, whatever their credentials are for.
 *
 * @throws InputError when two have one name
 */
export function distinctRules(rules: readonly AccessRule[]): AccessRule[] {
  const names = rules.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InputError(
      `sigstore has credentials with the name "${twice}" twice; give each its own, so that what one may see is not shown to the other`,
    );
  }
  return rules.map(({ name, grants, repositoriesOf }) => ({
    ...{ name, grants },
    ...(repositoriesOf ? { repositoriesOf } : {}),
  }));
}

/** What an entity is known by; nothing of it is the entity's own choice. */
export type AccessEntity = {
  entityRef: string;
  /** owner/name on github.com. */
  repository?: string;
  /** host/owner/name elsewhere. */
  enterpriseRepository?: string;
};

/**
 * Tells with which credentials a reference of an entity is asked: by the first
 * rule that grants them, else by none. And whose evidence it may show: that of
 * the repository the entity is kept in, where that GitHub is asked at all.
 * Repositories are told from the location of the entity or the administrator's
 * mapping, never from its own text.
 *
 * @param reference - in canonical form
 * @returns as `writeAccess` has it; `ANONYMOUS` where both are nothing
 */
export function accessOf(
  rules: readonly AccessRule[],
  entity: AccessEntity,
  reference: string,
): string {
  const names = namesOf(reference);
  const rule = rules.find(({ grants }) =>
    grants.some(grant => isGranted(grant, entity, names)),
  );
  return writeAccess({
    credentials: rule?.name ?? ANONYMOUS,
    repository: ownRepository(rules, entity),
  });
}

function ownRepository(
  rules: readonly AccessRule[],
  { repository, enterpriseRepository }: AccessEntity,
): ReferenceAccess['repository'] {
  const written = repository
    ? `github.com/${repository}`
    : enterpriseRepository;
  const [host, owner, name] = written?.split('/') ?? [];
  return rules.some(({ repositoriesOf }) => repositoriesOf === host && host)
    ? { host, owner, name }
    : undefined;
}

/** The rules that can be about an entity, without what is about others. */
export function rulesAbout(
  rules: readonly AccessRule[],
  entityRef: string,
): AccessRule[] {
  return rules.flatMap(rule => {
    const own = rule.grants.filter(
      grant => grant.entityRef === undefined || grant.entityRef === entityRef,
    );
    const isAbout = own.length > 0 || rule.repositoriesOf !== undefined;
    return isAbout ? [{ ...rule, grants: own }] : [];
  });
}

function isGranted(
  { entityRef, references }: AccessGrant,
  entity: AccessEntity,
  names: string[],
): boolean {
  if (entityRef !== undefined && entityRef !== entity.entityRef) return false;
  const { repository } = entity;
  // Registries know lower case only, whichever way a repository is written.
  return [repository, repository?.toLowerCase()].some(value =>
    references.some(template => {
      // Every other place is ruled out before anything is read and compiled.
      const [place] = PLACE.exec(template) ?? [''];
      if (!names.some(name => name.startsWith(place))) return false;
      const filled = fillTemplate(template, { repository: value }, false);
      if (filled === undefined) return false;
      const glob = canonicalGlob(filled);
      return names.some(name => matchesGlob(glob, name));
    }),
  );
}

/** Of an image, the repository stands for all that is in it. */
function namesOf(reference: string): string[] {
  const result = parseReference(reference);
  if (!result.ok) return [];
  const { parsed } = result;
  return parsed.type === 'oci'
    ? [reference, `${parsed.host}/${parsed.repository}`]
    : [reference];
}
