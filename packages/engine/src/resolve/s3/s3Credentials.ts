import { S3ClientConfig } from '@aws-sdk/client-s3';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { fromHttp } from '@aws-sdk/credential-provider-http';
import { fromTokenFile } from '@aws-sdk/credential-provider-web-identity';
import { fromInstanceMetadata } from '@smithy/credential-provider-imds';
import { S3BucketRule } from './S3BucketRule';
import { s3RequestHandler } from './s3RequestHandler';

/** What tells the SDK how to sign its requests, or not to. */
export type S3Signing = Pick<S3ClientConfig, 'credentials' | 'signer'>;

/** Asks as anybody could; the SDK looks for no credentials then. */
const ANONYMOUS: S3Signing = {
  credentials: { accessKeyId: '', secretAccessKey: '' },
  signer: { sign: async request => request },
};

/**
 * Gives the credentials that a rule names. The SDK's own chain of places is not
 * used: it would try files, programs and the metadata services of machines one
 * after the other, and what it finds there nobody has chosen for this bucket.
 *
 * @param handler - sends the request for a token's exchange; the metadata
 * services of containers and instances are asked by the SDK itself, since they
 * lie at link-local addresses, which nothing else reaches
 */
export function s3Signing(
  { credentials, region }: S3BucketRule,
  handler: ReturnType<typeof s3RequestHandler>,
): S3Signing {
  switch (credentials?.from) {
    case undefined:
      return ANONYMOUS;
    case 'keys': {
      const { accessKeyId, secretAccessKey } = credentials;
      return { credentials: { accessKeyId, secretAccessKey } };
    }
    case 'environment':
      return { credentials: fromEnv() };
    case 'web-identity': {
      // Set, so that nothing of it is looked up or asked of the machine.
      const clientConfig = {
        region,
        requestHandler: handler,
        endpoint: `https://${tokenServiceHost(region)}`,
        defaultsMode: 'standard' as const,
        useDualstackEndpoint: false,
        useFipsEndpoint: false,
        maxAttempts: 1,
      };
      return { credentials: fromTokenFile({ clientConfig }) };
    }
    case 'container':
      return { credentials: fromHttp() };
    default:
      return { credentials: fromInstanceMetadata() };
  }
}

/** The host that exchanges tokens for credentials. */
export function tokenServiceHost(region: string): string {
  return `sts.${region}.${amazonDomain(region)}`;
}

/** The domain that the services of a region lie below. */
export function amazonDomain(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
