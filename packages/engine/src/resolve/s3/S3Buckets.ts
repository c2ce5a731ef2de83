import { HashedBytes } from '../../outbound';
import {
  bucketNotAllowed,
  ObjectDescription,
  ObjectLimits,
  ObjectReference,
  ObjectStore,
} from '../ObjectStore';
import { S3Bucket, S3BucketOptions } from './S3Bucket';
import { S3BucketRule } from './S3BucketRule';

/**
 * The buckets that may be read. A bucket that is not among them is not asked:
 * anybody can name one in an annotation.
 *
 * @public
 */
export class S3Buckets implements ObjectStore {
  readonly #buckets: { rule: S3BucketRule; bucket: S3Bucket }[];

  private constructor(buckets: { rule: S3BucketRule; bucket: S3Bucket }[]) {
    this.#buckets = buckets;
  }

  /**
   * @param rules - the first one that covers an object says how it is read
   * @param options - for tests, which must not wait
   *
   * Throws `Error` that names the host when an endpoint cannot be used.
   */
  static create(
    rules: S3BucketRule[],
    options: S3BucketOptions = {},
  ): S3Buckets {
    return new S3Buckets(
      rules.map(rule => ({ rule, bucket: new S3Bucket(rule, options) })),
    );
  }

  /** {@inheritDoc ObjectStore.hash} */
  async hash(
    reference: ObjectReference,
    limits: ObjectLimits,
  ): Promise<HashedBytes & { storage: ObjectDescription }> {
    return this.#of(reference).hash(reference.key, limits);
  }

  /** {@inheritDoc ObjectStore.read} */
  async read(
    reference: ObjectReference,
    limits: ObjectLimits,
  ): Promise<{ bytes: Buffer; storage: ObjectDescription }> {
    return this.#of(reference).read(reference.key, limits);
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await Promise.all(this.#buckets.map(({ bucket }) => bucket.close()));
  }

  #of(reference: ObjectReference): S3Bucket {
    const { bucket, key } = reference;
    const found = this.#buckets.find(
      ({ rule }) => rule.bucket === bucket && key.startsWith(rule.prefix ?? ''),
    );
    if (!found) throw bucketNotAllowed(reference);
    return found.bucket;
  }
}
