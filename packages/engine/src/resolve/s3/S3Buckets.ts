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

type Entry = {
  rule: S3BucketRule;
  /** With the credentials of the rule. */
  bucket: S3Bucket;
  anonymous: S3Bucket;
};

/**
 * The buckets that may be read. A bucket that is not among them is not asked:
 * anybody can name one in an annotation. For the same reason credentials are
 * used only with the access that was granted, and nobody has one to begin with.
 *
 * @public
 */
export class S3Buckets implements ObjectStore {
  readonly #entries: Entry[];
  readonly #access: string | undefined;

  private constructor(entries: Entry[], access?: string) {
    this.#entries = entries;
    this.#access = access;
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
      rules.map(rule => {
        const bucket = new S3Bucket(rule, options);
        const { credentials, ...open } = rule;
        const anonymous = credentials ? new S3Bucket(open, options) : bucket;
        return { rule, bucket, anonymous };
      }),
    );
  }

  /** The same buckets, for somebody who was granted this access. */
  withAccess(access: string): S3Buckets {
    return new S3Buckets(this.#entries, access);
  }

  /** Hashes an object while reading it. Throws `OutboundError`. */
  async hash(
    reference: ObjectReference,
    limits: ObjectLimits,
  ): Promise<HashedBytes & { storage: ObjectDescription }> {
    return this.#of(reference).hash(reference.key, limits);
  }

  /** Reads a small object. Throws `OutboundError`. */
  async read(
    reference: ObjectReference,
    limits: ObjectLimits,
  ): Promise<{ bytes: Buffer; storage: ObjectDescription }> {
    return this.#of(reference).read(reference.key, limits);
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await Promise.all(
      this.#entries.flatMap(({ bucket, anonymous }) => [
        bucket.close(),
        anonymous.close(),
      ]),
    );
  }

  #of(reference: ObjectReference): S3Bucket {
    const { bucket, key } = reference;
    const entry = this.#entries.find(
      ({ rule }) => rule.bucket === bucket && key.startsWith(rule.prefix ?? ''),
    );
    if (!entry) throw bucketNotAllowed(reference);
    const { rule } = entry;
    return rule.credentials && rule.credentials.access === this.#access
      ? entry.bucket
      : entry.anonymous;
  }
}
