import { OutboundClient } from '../outbound';
import { ObjectStore } from './ObjectStore';

/**
 * Absolute folders in which `file:` references may lie.
 *
 * @public
 */
export type FileRoots = string[];

/**
 * What resolving and collecting need of their surroundings.
 *
 * @public
 */
export type SourcePorts = {
  outbound: OutboundClient;
  fileRoots: FileRoots;
  /** Without it, no bucket is asked. */
  buckets?: ObjectStore;
  /** Ends the work for one artifact, for example when its time is over. */
  signal?: AbortSignal;
  now: () => Date;
};
