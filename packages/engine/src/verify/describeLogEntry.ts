import { LogEntry } from '@cloudythings/backstage-plugin-sigstore-common';
import { envelopeOf, readCheckpoint } from './checkpoint';
import { KnownLog } from './logs';
import { BundleLogEntry } from './reading';

/**
 * Describes a log entry that was checked. The index is the one the signed
 * entry timestamp covers, else the one the inclusion proof covers; never an
 * index that nothing vouches for.
 */
export function describeLogEntry(
  entry: BundleLogEntry,
  log: KnownLog,
): LogEntry {
  const { inclusionPromise, inclusionProof, kindVersion } = entry;
  const envelope = envelopeOf(entry);
  const checkpoint =
    envelope === undefined ? undefined : readCheckpoint(envelope);
  return {
    logId: entry.logId.keyId.toString('hex'),
    logName: log.name,
    logIndex:
      inclusionPromise || !inclusionProof
        ? entry.logIndex
        : inclusionProof.logIndex,
    kind: `${kindVersion.kind} ${kindVersion.version}`,
    ...(checkpoint
      ? {
          inclusion: {
            treeSize: checkpoint.treeSize,
            rootHash: checkpoint.rootHash,
            checkpointOrigin: checkpoint.origin,
          },
        }
      : {}),
    ...(inclusionPromise
      ? {
          integratedTime: new Date(
            Number(entry.integratedTime) * 1000,
          ).toISOString(),
        }
      : {}),
  };
}
