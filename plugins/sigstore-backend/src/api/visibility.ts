import {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { stringifyEntityRef } from '@backstage/catalog-model';

/** Which entities of the catalog one caller may see. */
export interface Visibility {
  /** Whether nothing is hidden from the caller. */
  readonly seesAll: boolean;
  /** Those of some entities that the caller may see. */
  filter(entityRefs: Iterable<string>): Promise<Set<string>>;
}

const SEES_ALL: Visibility = {
  seesAll: true,
  filter: async refs => new Set(refs),
};

const SEES_NOTHING: Visibility = {
  seesAll: false,
  filter: async () => new Set(),
};

const CACHE_MS = 10_000;
const MAX_CACHED_CALLERS = 500;
const PER_REQUEST = 1000;

type CachedRefs = { until: number; visible: Map<string, boolean> };

/**
 * Asks the permission system once what a caller may read in the catalog: all,
 * nothing, or what the catalog itself shows them. Answers of the catalog are
 * remembered for a few seconds.
 */
export class VisibilityService {
  readonly #permissions: PermissionsService;
  readonly #catalog: CatalogService;
  readonly #now: () => Date;
  readonly #cache = new Map<string, CachedRefs>();

  constructor(options: {
    permissions: PermissionsService;
    catalog: CatalogService;
    now: () => Date;
  }) {
    this.#permissions = options.permissions;
    this.#catalog = options.catalog;
    this.#now = options.now;
  }

  /** What the holder of some credentials may see. */
  async of(credentials: BackstageCredentials): Promise<Visibility> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission: catalogEntityReadPermission }],
      { credentials },
    );
    if (decision.result === AuthorizeResult.ALLOW) return SEES_ALL;
    if (decision.result === AuthorizeResult.DENY) return SEES_NOTHING;
    return {
      seesAll: false,
      filter: refs => this.#askCatalog([...new Set(refs)], credentials),
    };
  }

  async #askCatalog(
    refs: string[],
    credentials: BackstageCredentials,
  ): Promise<Set<string>> {
    const { visible } = this.#cached(credentials);
    const unknown = refs.filter(ref => !visible.has(ref));
    for (let start = 0; start < unknown.length; start += PER_REQUEST) {
      const entityRefs = unknown.slice(start, start + PER_REQUEST);
      const { items } = await this.#catalog.getEntitiesByRefs(
        {
          entityRefs,
          fields: ['kind', 'metadata.name', 'metadata.namespace'],
        },
        { credentials },
      );
      const seen = new Set(
        items.flatMap(entity => (entity ? [stringifyEntityRef(entity)] : [])),
      );
      entityRefs.forEach(ref => visible.set(ref, seen.has(ref)));
    }
    return new Set(refs.filter(ref => visible.get(ref)));
  }

  #cached(credentials: BackstageCredentials): CachedRefs {
    const key = JSON.stringify(credentials.principal);
    const now = this.#now().getTime();
    const cached = this.#cache.get(key);
    if (cached && cached.until > now) return cached;
    if (this.#cache.size >= MAX_CACHED_CALLERS) this.#cache.clear();
    const fresh = { until: now + CACHE_MS, visible: new Map() };
    this.#cache.set(key, fresh);
    return fresh;
  }
}
