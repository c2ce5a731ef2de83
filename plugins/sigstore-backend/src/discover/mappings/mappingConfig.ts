import { Entity } from '@backstage/catalog-model';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  evaluateFilterPredicate,
  readOptionalFilterPredicateFromConfig,
} from '@backstage/filter-predicates';
import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';

/** A registry that names in an annotation are names in. */
export type Registry = {
  /** As another annotation chooses it; empty where there is only one. */
  name: string;
  host: string;
  /** What every repository in it begins with, such as the name of a proxy. */
  repository?: string;
};

/** A mapping that is switched on. */
export type Mapping = {
  /** Which entities it reads. */
  isFor: (entity: Entity) => boolean;
};

/** The same of names in a registry. */
export type RegistryMapping = Mapping & { registries: Registry[] };

const keyOf = (id: string) => `sigstore.discover.mappings.${id}`;

/**
 * Reads how an annotation is mapped that says by itself where its artifacts lie.
 *
 * @returns nothing where it is switched off
 * @throws InputError that names the key and the remedy
 */
export function readMapping(
  config: Config,
  id: string,
  isOn = false,
): Mapping | undefined {
  const key = keyOf(id);
  const mapping = config.getOptionalConfig(key);
  if (!(mapping?.getOptionalBoolean('enabled') ?? (isOn || mapping))) {
    return undefined;
  }
  const isFor = mapping ? readFilter(mapping, `${key}.filter`) : undefined;
  return { isFor: isFor ?? (() => true) };
}

/**
 * Reads how an annotation is mapped that names repositories in a registry.
 *
 * @param defaults - `host` of the registry where none is configured, and whether
 * it is on by itself
 * @returns nothing where it is switched off
 * @throws InputError that names the key and the remedy
 */
export function readRegistryMapping(
  config: Config,
  id: string,
  defaults: { host?: string; isOn?: boolean },
): RegistryMapping | undefined {
  const mapping = readMapping(config, id, defaults.isOn);
  if (!mapping) return undefined;
  const key = keyOf(id);
  const own = config.getOptionalConfig(key);
  const instances = own?.getOptionalConfigArray('instances') ?? [];
  const registries = instances.map((instance, index) =>
    readRegistry(instance, `${key}.instances[${index}]`, {
      name: instance.getString('name'),
    }),
  );
  if (registries.length > 0) return { ...mapping, registries };
  return {
    ...mapping,
    registries: [readRegistry(own, key, { name: '', host: defaults.host })],
  };
}

function readRegistry(
  config: Config | undefined,
  key: string,
  { name, host: usual }: { name: string; host?: string },
): Registry {
  const host = config?.getOptionalString('host') ?? usual;
  if (host === undefined) {
    throw new InputError(
      `${key}.host is missing; name the registry as references name it, such as registry.example.com:5000`,
    );
  }
  const repository = config?.getOptionalString('repository');
  const parsed = parseReference(
    `${host}/${repository ? `${repository}/` : ''}name`,
  );
  if (host.includes('/') || !parsed.ok || parsed.parsed.type !== 'oci') {
    throw new InputError(
      `${key}: "${host}"${
        repository ? ` with "${repository}"` : ''
      } is not a registry; write the host as references name it, such as registry.example.com:5000, and what repositories begin with as repository`,
    );
  }
  return { name, host, ...(repository ? { repository } : {}) };
}

/**
 * Reads a catalog filter predicate.
 *
 * @param key - its place, for messages
 * @throws InputError that names the key and the remedy
 */
export function readFilter(
  config: Config,
  key: string,
): ((entity: Entity) => boolean) | undefined {
  let predicate: ReturnType<typeof readOptionalFilterPredicateFromConfig>;
  try {
    predicate = readOptionalFilterPredicateFromConfig(config, {
      key: 'filter',
    });
  } catch (error) {
    throw new InputError(
      `${key} is not a catalog filter predicate, such as { kind: Component, spec.type: service }: ${
        (error as Error).message
      }`,
    );
  }
  return predicate === undefined
    ? undefined
    : entity => evaluateFilterPredicate(predicate, entity);
}
