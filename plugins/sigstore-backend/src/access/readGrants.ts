import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { AccessGrant } from './AccessRule';

const MAX_GLOB = 512;
const TEMPLATE = /\{\{\s*([^{}]*?)\s*\}\}/g;

/**
 * Reads which references of which entities may be asked for with credentials:
 * the list `for` of a configuration.
 *
 * @param config - what `for` is part of
 * @param key - its place, for messages
 * @param start - what every reference begins with, such as a host and a slash
 * @throws InputError that names the key and the remedy
 */
export function readGrants(
  config: Config,
  key: string,
  start: string,
): AccessGrant[] {
  const items = config.getOptionalConfigArray('for') ?? [];
  if (items.length === 0) {
    throw new InputError(
      `${key}.for is empty, so that nobody could use the credentials; list the references they are for, and of which entity, such as { entity: component:default/checkout, references: ['${start}acme/checkout'] }`,
    );
  }
  return items.map((item, index) =>
    readGrant(item, `${key}.for[${index}]`, start),
  );
}

function readGrant(item: Config, key: string, start: string): AccessGrant {
  const written = item.getOptionalString('entity');
  const entityRef = written && readEntityRef(written, `${key}.entity`);
  const references = item.getStringArray('references');
  if (references.length === 0) {
    throw new InputError(`${key}.references is empty; name one at least`);
  }
  references.forEach((reference, index) =>
    assertReference(reference, `${key}.references[${index}]`, {
      start,
      isForAll: !entityRef,
    }),
  );
  return { ...(entityRef ? { entityRef } : {}), references };
}

function readEntityRef(written: string, key: string): string {
  try {
    return stringifyEntityRef(parseEntityRef(written));
  } catch {
    throw new InputError(
      `${key}: "${written}" is not an entity reference; write it as component:default/name`,
    );
  }
}

function assertReference(
  reference: string,
  key: string,
  { start, isForAll }: { start: string; isForAll: boolean },
): void {
  if (!reference.startsWith(start) || reference.length > MAX_GLOB) {
    throw new InputError(
      `${key}: "${reference}" does not begin with ${start}, which these credentials are for`,
    );
  }
  const names = [...reference.matchAll(TEMPLATE)].map(([, name]) => name);
  const unknown = names.find(name => name !== 'repository');
  if (unknown !== undefined) {
    throw new InputError(
      `${key}: {{ ${unknown} }} is not known; only {{ repository }} is`,
    );
  }
  if (isForAll && names.length === 0) {
    throw new InputError(
      `${key}: "${reference}" would be shown to every entity that names it; say whose it is with entity, or with {{ repository }} in its place`,
    );
  }
}
