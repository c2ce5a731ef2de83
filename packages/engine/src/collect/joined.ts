import { CollectResult } from './evidence';

/** What several questions gave, in their order. */
export function joined(results: readonly CollectResult[]): CollectResult {
  const storage = results.flatMap(result => result.storage ?? []);
  return {
    lookups: results.flatMap(({ lookups }) => lookups),
    evidence: results.flatMap(({ evidence }) => evidence),
    findings: results.flatMap(({ findings }) => findings),
    ...(storage.length > 0 ? { storage } : {}),
  };
}
