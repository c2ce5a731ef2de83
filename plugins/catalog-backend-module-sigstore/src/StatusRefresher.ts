import {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { refreshKey } from './refreshKey';

// Processing is the catalog's most expensive work; a change of policy may touch
// every entity at once.
const MAX_KEYS_PER_FLUSH = 500;

/**
 * Asks the catalog to process entities again whose status changed. It provides
 * no entities; being a provider is how a module gets to the connection.
 */
export class StatusRefresher implements EntityProvider {
  #connection: EntityProviderConnection | undefined;
  readonly #waiting = new Set<string>();

  getProviderName(): string {
    return 'sigstore-status-refresher';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
  }

  /** How many entities wait to be processed again. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Notes entities to be processed again. */
  add(entityRefs: Iterable<string>): void {
    for (const ref of entityRefs) {
      // What changed last goes first, ahead of what is left of a flood.
      this.#waiting.delete(ref);
      this.#waiting.add(ref);
    }
  }

  /**
   * Hands a limited number of noted entities to the catalog, the latest first.
   * When it throws, they stay noted.
   */
  async flush(): Promise<void> {
    if (!this.#connection || this.#waiting.size === 0) return;
    const refs = [...this.#waiting].slice(-MAX_KEYS_PER_FLUSH);
    await this.#connection.refresh({ keys: refs.map(refreshKey) });
    for (const ref of refs) this.#waiting.delete(ref);
  }
}
