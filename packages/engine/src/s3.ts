/**
 * Artifacts and evidence in S3 buckets. Apart from the rest, since loading the
 * AWS SDK takes longer than a command line may take to answer.
 *
 * @packageDocumentation
 */
export type { S3BucketOptions } from './resolve/s3/S3Bucket';
export { S3Buckets } from './resolve/s3/S3Buckets';
export type { S3BucketRule, S3Credentials } from './resolve/s3/S3BucketRule';
