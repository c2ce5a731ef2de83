import {
  ParsedReference,
  StoredObject,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { HashedBytes, OutboundError } from '../outbound';

/**
 * A reference to an object.
 *
 * @public
 */
export type ObjectReference = Extract<ParsedReference, { type: 's3' }>;

/**
 * What reading one object may take.
 *
 * @public
 */
export type ObjectLimits = { maxBytes: number; signal?: AbortSignal };

/**
 * What the store says about an object that was just read.
 *
 * @public
 */
export type ObjectDescription = Omit<StoredObject, 'role'>;

/**
 * Buckets whose objects may be read. Both methods throw `OutboundError`.
 *
 * @public
 */
export interface ObjectStore {
  /** Hashes an object while reading it; the bytes are not kept. */
  hash(
    reference: ObjectReference,
    limits: ObjectLimits,
  ): Promise<HashedBytes & { storage: ObjectDescription }>;
  /** Reads a small object. */
  read(
    reference: ObjectReference,
    limits: ObjectLimits,
  ): Promise<{ bytes: Buffer; storage: ObjectDescription }>;
}

/** That a bucket was not named by an administrator. */
export function bucketNotAllowed({ bucket }: ObjectReference): OutboundError {
  return new OutboundError(
    'host-not-allowed',
    `s3://${bucket}`,
    'is not configured to be read. Name it in sigstore.sources.s3, with its region and a prefix that covers this key',
  );
}

/** Where no bucket may be read. */
export const NO_BUCKETS: ObjectStore = {
  async hash(reference) {
    throw bucketNotAllowed(reference);
  },
  async read(reference) {
    throw bucketNotAllowed(reference);
  },
};
