import { Entity } from '@backstage/catalog-model';
import {
  CatalogProcessorCache,
  CatalogProcessorResult,
} from '@backstage/plugin-catalog-node';
import { JsonValue } from '@backstage/types';
import { SigstoreProcessor } from '../SigstoreProcessor';

/**
 * The catalog's memory of one processor for one entity: what a run stores is
 * seen by the next run, of whichever replica.
 */
export class ProcessorMemory {
  #stored: Record<string, JsonValue> = {};
  /** How often a run had something to store. */
  writes = 0;

  async run(
    processor: SigstoreProcessor,
    entity: Entity,
  ): Promise<{ entity: Entity; emitted: CatalogProcessorResult[] }> {
    const seen = this.#stored;
    const stored: Record<string, JsonValue> = {};
    const cache = {
      get: async (key: string) => seen[key],
      set: async (key: string, value: JsonValue) => {
        stored[key] = value;
      },
    } as CatalogProcessorCache;
    const emitted: CatalogProcessorResult[] = [];
    const processed = await processor.postProcessEntity(
      entity,
      { type: 'url', target: 'https://acme.example/catalog-info.yaml' },
      result => emitted.push(result),
      cache,
    );
    if (Object.keys(stored).length > 0) {
      this.#stored = stored;
      this.writes += 1;
    }
    return { entity: processed, emitted };
  }

  forget() {
    this.#stored = {};
  }
}
