import { BundleLogEntry } from './reading';
import { VerificationProfile } from './trustedRoot';

/** A transparency log as the trusted root knows it. */
export type KnownLog = { name: string; origin: string; start: Date; end: Date };

/** Finds the log that an entry says it is in; undefined when it is unknown. */
export function findLog(
  { material: { trust } }: VerificationProfile,
  entry: BundleLogEntry,
): KnownLog | undefined {
  const log = trust.tlogs.find(({ logID }) => logID.equals(entry.logId.keyId));
  if (!log) return undefined;
  return {
    name: log.baseURL,
    origin: log.baseURL.replace(/^[a-z]+:\/\//, '').replace(/\/+$/, ''),
    ...log.validFor,
  };
}
