import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { S3BucketRule, S3Credentials } from '@cloudythings/sigstore-engine/s3';
import { AccessRule } from '../access/AccessRule';
import { readGrants } from '../access/readGrants';

const KEY = 'sigstore.sources.s3';
const REGION = /^[a-z0-9-]{1,32}$/;
// Also a column of the database.
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const PLACES = ['environment', 'web-identity', 'container', 'instance'];

/** The buckets that may be read, and who may have them asked with credentials. */
export type S3Config = { rules: S3BucketRule[]; accessRules: AccessRule[] };

/**
 * Reads which S3 buckets may be read, and how.
 *
 * @param config - the root configuration
 * @throws InputError that names the key and the remedy, and never a secret
 */
export function readS3Config(config: Config): S3Config {
  const items = config.getOptionalConfigArray(KEY) ?? [];
  const all = items.map((item, index) => readBucket(item, `${KEY}[${index}]`));
  return {
    rules: all.map(({ rule }) => rule),
    accessRules: all.flatMap(({ accessRule }) => accessRule ?? []),
  };
}

function readBucket(
  config: Config,
  key: string,
): { rule: S3BucketRule; accessRule?: AccessRule } {
  const bucket = config.getString('bucket');
  const prefix = config.getOptionalString('prefix') ?? '';
  const reference = `s3://${bucket}/${prefix.replace(/\/?$/, '/')}object`;
  if (!parseReference(reference.replace('//object', '/object')).ok) {
    throw new InputError(
      `${key}: "${bucket}" with the prefix "${prefix}" is no place that references could name; write the bucket alone, and the start of its keys as prefix`,
    );
  }
  const region = config.getOptionalString('region');
  const endpoint = config.getOptionalString('endpoint');
  if (region === undefined && endpoint === undefined) {
    throw new InputError(
      `${key}.region is missing; write the region of the bucket, such as eu-central-1`,
    );
  }
  if (region !== undefined && !REGION.test(region)) {
    throw new InputError(
      `${key}.region: "${region}" is not a region; write it as eu-central-1`,
    );
  }
  if (endpoint !== undefined && !/^https?:\/\/[^/@\s?#]+\/?$/.test(endpoint)) {
    throw new InputError(
      `${key}.endpoint: "${endpoint}" is not an http or https URL of a server alone, such as https://s3.example.com`,
    );
  }
  const forcePathStyle = config.getOptionalBoolean('forcePathStyle');
  const allowPrivateAddress = config.getOptionalBoolean('allowPrivateAddress');
  const access = readAccess(config, key, bucket);
  const rule: S3BucketRule = {
    bucket,
    ...(prefix ? { prefix } : {}),
    // Servers of others mostly have one region, and this is what they call it.
    region: region ?? 'us-east-1',
    ...(endpoint ? { endpoint } : {}),
    ...(forcePathStyle ? { forcePathStyle } : {}),
    ...(allowPrivateAddress ? { allowPrivateAddress } : {}),
  };
  return access
    ? { rule: { ...rule, credentials: access.credentials }, ...access }
    : { rule };
}

function readAccess(
  bucketConfig: Config,
  bucketKey: string,
  bucket: string,
): { credentials: S3Credentials; accessRule: AccessRule } | undefined {
  const config = bucketConfig.getOptionalConfig('credentials');
  if (!config) return undefined;
  const key = `${bucketKey}.credentials`;
  const name = config.getString('name');
  if (!NAME.test(name)) {
    throw new InputError(
      `${key}.name: "${name}" cannot be used; write letters, digits, ., _ and -, 63 at most`,
    );
  }
  return {
    credentials: { access: name, ...readPlace(config, key) },
    accessRule: { name, grants: readGrants(config, key, `s3://${bucket}/`) },
  };
}

function readPlace(
  config: Config,
  key: string,
):
  | { from: 'environment' }
  | { from: 'keys'; accessKeyId: string; secretAccessKey: string } {
  const from = config.getOptionalString('from');
  const accessKeyId = config.getOptionalString('accessKeyId');
  const secretAccessKey = config.getOptionalString('secretAccessKey');
  if (from === undefined && accessKeyId && secretAccessKey) {
    return { from: 'keys', accessKeyId, secretAccessKey };
  }
  const hasKeys = accessKeyId !== undefined || secretAccessKey !== undefined;
  if (from === undefined || hasKeys || !PLACES.includes(from)) {
    throw new InputError(
      `${key} needs one of: from, which is ${PLACES.join(
        ', ',
      )}; or accessKeyId and secretAccessKey`,
    );
  }
  return { from: from as 'environment' };
}
