import { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import { Entity } from '@backstage/catalog-model';
import { stringifyError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  INPUT_ANNOTATIONS,
  Lookup,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { ReferenceSource } from '@cloudythings/backstage-plugin-sigstore-node';
import { Knex } from 'knex';
import { knownEntityRefs, readEntities } from '../store/entityStatuses';
import { hash } from '../store/identifiers';
import { CATALOG_SUBJECT, saveLookups } from '../store/lookups';
import { MAX_DOCUMENT, isReduced } from './entityDocument';
import {
  API_FIELDS,
  ENTITY_FIELDS,
  ReadEntityPorts,
  readEntity,
} from './readEntity';
import {
  removeEntity,
  saveEntityRecord,
  saveUnrecorded,
} from './saveEntityRecord';

/** What discovery needs of its surroundings. */
export type DiscoverPorts = ReadEntityPorts & {
  knex: Knex;
  catalog: CatalogService;
  auth: AuthService;
  logger: LoggerService;
  now: () => Date;
};

/** Kinds that usually have artifacts; any other is read when it declares some. */
const KINDS = ['component', 'resource', 'api'];
const PAGE = 500;

const isApi = ({ kind }: Entity) => kind.toLocaleLowerCase('en-US') === 'api';

/** APIs are asked for apart, without their definitions. */
const queries = (sources: readonly ReferenceSource[]) => [
  {
    filter: [
      { kind: KINDS.filter(kind => kind !== 'api') },
      ...[
        ...Object.values(INPUT_ANNOTATIONS),
        ...sources.flatMap(({ annotations = [] }) => annotations),
      ].map(annotation => ({
        [`metadata.annotations.${annotation}`]: CATALOG_FILTER_EXISTS,
      })),
    ],
    fields: ENTITY_FIELDS,
    takes: (entity: Entity) => !isApi(entity),
  },
  { filter: { kind: ['api'] }, fields: API_FIELDS, takes: isApi },
];

/**
 * Reads the catalog once and writes what changed: which entities there are and
 * what they declare. Entities that are missing count as gone only when all of
 * the catalog was read and the catalog confirms each.
 *
 * @throws when the catalog does not answer, or the database takes nothing; what
 * was read until then is kept
 */
export async function discover(
  ports: DiscoverPorts,
  signal?: AbortSignal,
): Promise<{ read: number; changed: number; gone: number }> {
  const askedAt = ports.now().toISOString();
  const record = (lookup: Pick<Lookup, 'outcome' | 'cause'>) =>
    ports.knex.transaction(tx =>
      saveLookups(
        tx,
        CATALOG_SUBJECT,
        [{ source: 'catalog', askedAt, ...lookup }],
        ports.now(),
      ),
    );
  try {
    const { seen, changed } = await readCatalog(ports, signal);
    const gone = await removeMissing(ports, seen);
    await record({ outcome: 'found' });
    return { read: seen.size, changed, gone };
  } catch (error) {
    const cause = `the catalog was not read in full: ${stringifyError(error)}`;
    await record({ outcome: 'unreachable', cause });
    throw error;
  }
}

async function readCatalog(ports: DiscoverPorts, signal?: AbortSignal) {
  const credentials = await ports.auth.getOwnServiceCredentials();
  const seen = new Set<string>();
  let changed = 0;
  for (const { filter, fields, takes } of queries(ports.referenceSources)) {
    const pages = ports.catalog.streamEntities(
      { filter, fields, pageSize: PAGE },
      { credentials },
    );
    for await (const page of pages) {
      signal?.throwIfAborted();
      changed += await savePage(ports, page.filter(takes), seen);
    }
  }
  return { seen, changed };
}

async function savePage(
  ports: DiscoverPorts,
  page: Entity[],
  seen: Set<string>,
): Promise<number> {
  const records = page.map(entity => readEntity(entity, ports));
  const refs = records.map(record => record.entityRef);
  refs.forEach(ref => seen.add(ref));
  const known = await readEntities(ports.knex, refs);
  let changed = 0;
  for (const record of records) {
    const entityHash = hash(record);
    if (known.get(record.entityRef)?.entityHash === entityHash) continue;
    if (record.document && isReduced(record.document)) {
      ports.logger.warn(
        `${record.entityRef} has more than ${MAX_DOCUMENT} characters, of which only a part is kept; where a policy selects by the rest, its artifacts cannot be checked. Shorten it, or select by kind, name or namespace`,
      );
    }
    try {
      await saveEntityRecord(ports.knex, record, entityHash, ports.now());
      changed += 1;
    } catch (error) {
      ports.logger.error(
        `What ${record.entityRef} declares was not saved: ${stringifyError(
          error,
        )}`,
      );
      await saveUnrecorded(ports.knex, record, ports.now());
    }
  }
  return changed;
}

async function removeMissing(
  ports: DiscoverPorts,
  seen: Set<string>,
): Promise<number> {
  const missing = (await knownEntityRefs(ports.knex)).filter(
    ref => !seen.has(ref),
  );
  const credentials = await ports.auth.getOwnServiceCredentials();
  let gone = 0;
  for (let start = 0; start < missing.length; start += PAGE) {
    const refs = missing.slice(start, start + PAGE);
    // Paging through a catalog that changes meanwhile can skip an entity.
    const { items } = await ports.catalog.getEntitiesByRefs(
      { entityRefs: refs, fields: API_FIELDS },
      { credentials },
    );
    for (const [index, entityRef] of refs.entries()) {
      const entity = items[index];
      if (entity && isCovered(entity, ports)) continue;
      try {
        await removeEntity(ports.knex, entityRef, ports.now());
        gone += 1;
      } catch (error) {
        // It is still known, so the next run tries again.
        ports.logger.error(
          `That ${entityRef} is gone was not saved: ${stringifyError(error)}`,
        );
      }
    }
  }
  return gone;
}

function isCovered(entity: Entity, ports: ReadEntityPorts): boolean {
  const record = readEntity(entity, ports);
  return KINDS.includes(record.kind) || record.declared.length > 0;
}
