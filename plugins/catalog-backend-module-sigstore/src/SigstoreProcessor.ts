import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  CatalogProcessor,
  CatalogProcessorCache,
  CatalogProcessorEmit,
  LocationSpec,
  processingResult,
} from '@backstage/plugin-catalog-node';
import {
  EntityStatus,
  entityStatusSchema,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { refreshKey } from './refreshKey';
import { withStatusAnnotation } from './statusAnnotation';
import { StatusSource } from './StatusSnapshot';

/**
 * What was written last for an entity. The catalog keeps it in its database
 * with the entity, so that all replicas share it and a restart does not lose
 * it. `status` is null when the annotation was removed.
 */
type Written = { status: EntityStatus | null; asOf: string };

const CACHE_KEY = 'written';

/**
 * Writes the signature status of an entity as an annotation, from a copy of all
 * statuses in memory. It asks nobody: no network, no database.
 *
 * It runs after every processor that prepares entities, so that none of them
 * can bring a hand-written status back.
 */
export class SigstoreProcessor implements CatalogProcessor {
  readonly #source: StatusSource;

  constructor(source: StatusSource) {
    this.#source = source;
  }

  getProcessorName(): string {
    return 'SigstoreProcessor';
  }

  async postProcessEntity(
    entity: Entity,
    _location: LocationSpec,
    emit: CatalogProcessorEmit,
    cache: CatalogProcessorCache,
  ): Promise<Entity> {
    const entityRef = stringifyEntityRef(entity);
    emit(processingResult.refresh(refreshKey(entityRef)));
    return withStatusAnnotation(entity, await this.#status(entityRef, cache));
  }

  /**
   * The status to write: of two replicas the one that read later decides,
   * whichever of them happens to process the entity.
   */
  async #status(
    entityRef: string,
    cache: CatalogProcessorCache,
  ): Promise<EntityStatus | undefined> {
    const written = readWritten(await cache.get(CACHE_KEY));
    const asOf = this.#source.asOf;
    if (asOf === undefined || (written && written.asOf > asOf)) {
      return written?.status ?? undefined;
    }
    const status = this.#source.statusOf(entityRef);
    // Also the same status, when it was written before the last change: a
    // replica that knows only what was in between is older than this.
    const changedBy = this.#source.changedBy(entityRef);
    const outdated =
      changedBy !== undefined &&
      (!written || (written.asOf < asOf && written.asOf < changedBy));
    if ((written?.status ?? undefined) !== status || outdated) {
      await cache.set<Written>(CACHE_KEY, { status: status ?? null, asOf });
    }
    return status;
  }
}

// The cache may have been filled by another version.
function readWritten(cached: unknown): Written | undefined {
  const { status, asOf } = (cached ?? {}) as Partial<Written>;
  if (typeof asOf !== 'string') return undefined;
  if (status === null) return { status, asOf };
  const known = entityStatusSchema.safeParse(status);
  return known.success ? { status: known.data, asOf } : undefined;
}
