/**
 * Where the credentials for a bucket come from. `environment`: the variables
 * `AWS_ACCESS_KEY_ID` and so on. `web-identity`: a token file that is exchanged
 * for credentials, as service accounts of Kubernetes have it. `container` and
 * `instance`: the metadata service of the workload or the machine. `keys`: these
 * very ones.
 *
 * Only the place that is named is asked; there is no chain of places.
 *
 * @public
 */
export type S3Credentials = {
  /** Whoever was granted the access of this name is asked for with them. */
  access: string;
} & (
  | { from: 'environment' | 'web-identity' | 'container' | 'instance' }
  | { from: 'keys'; accessKeyId: string; secretAccessKey: string }
);

/**
 * A bucket that an administrator lets be read.
 *
 * @public
 */
export type S3BucketRule = {
  /** Exact name. */
  bucket: string;
  /** Only keys that begin with it are read. */
  prefix?: string;
  region: string;
  /** Base URL of another server than Amazon's. */
  endpoint?: string;
  /** Asks for `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  forcePathStyle?: boolean;
  /** Permits private and loopback addresses; link-local ones never are. */
  allowPrivateAddress?: boolean;
  /** Without any, and without access to them, it is asked as anybody could. */
  credentials?: S3Credentials;
};
