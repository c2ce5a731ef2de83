import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { HashedBytes, HostRule, OutboundClient } from '../../outbound';
import { hashBody, readBody } from '../../outbound/cappedBody';
import { ObjectDescription, ObjectLimits } from '../ObjectStore';
import { describeObject } from './describeObject';
import { S3BucketRule } from './S3BucketRule';
import { amazonDomain, s3Signing, tokenServiceHost } from './s3Credentials';
import { toS3Failure } from './s3Errors';
import { s3RequestHandler } from './s3RequestHandler';

// Hashing reads whole artifacts; documents are small.
const DOCUMENT_TIMEOUT_MS = 30_000;
const MAX_OBJECT_BYTES = 1024 * 1024 * 1024;

/**
 * Instead of what a bucket has of its own.
 *
 * @public
 */
export type S3BucketOptions = {
  outbound?: OutboundClient;
  documentTimeoutMs?: number;
};

/**
 * One configured bucket, asked as its rule says and over connections of its own:
 * what is allowed for it is allowed for nothing else.
 */
export class S3Bucket {
  readonly #rule: S3BucketRule;
  readonly #outbound: OutboundClient;
  readonly #documentTimeoutMs: number;
  readonly #client: S3Client;

  /** Throws `Error` that names the host when the endpoint cannot be used. */
  constructor(rule: S3BucketRule, options: S3BucketOptions = {}) {
    this.#rule = rule;
    this.#outbound =
      options.outbound ??
      OutboundClient.create({
        hosts: hostRules(rule),
        includeWellKnownHosts: false,
      });
    this.#documentTimeoutMs = options.documentTimeoutMs ?? DOCUMENT_TIMEOUT_MS;
    this.#client = createClient(rule, this.#outbound);
  }

  /**
   * Hashes an object while reading it; the bytes are not kept. What the store
   * says its checksum is does not count. Throws `OutboundError`.
   */
  hash(
    key: string,
    limits: ObjectLimits,
  ): Promise<HashedBytes & { storage: ObjectDescription }> {
    return this.#get(key, limits, limits.signal, hashBody);
  }

  /** Reads a small object. Throws `OutboundError`. */
  async read(
    key: string,
    limits: ObjectLimits,
  ): Promise<{ bytes: Buffer; storage: ObjectDescription }> {
    const timeout = AbortSignal.timeout(this.#documentTimeoutMs);
    const signal = limits.signal
      ? AbortSignal.any([limits.signal, timeout])
      : timeout;
    return this.#get(key, limits, signal, async (body, capped) => ({
      bytes: await readBody(body, capped),
    }));
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await this.#outbound.close();
  }

  async #get<T extends object>(
    key: string,
    { maxBytes }: ObjectLimits,
    abortSignal: AbortSignal | undefined,
    use: (
      body: Readable,
      limits: {
        host: string;
        maxBytes: number;
        headers: Record<string, string>;
      },
    ) => Promise<T>,
  ): Promise<T & { storage: ObjectDescription }> {
    const place = `s3://${this.#rule.bucket}`;
    try {
      const object = { Bucket: this.#rule.bucket, Key: key };
      const answer = await this.#client.send(new GetObjectCommand(object), {
        abortSignal,
      });
      const length = answer.ContentLength;
      const read = await use(answer.Body as Readable, {
        host: place,
        maxBytes,
        headers: length ? { 'content-length': `${length}` } : {},
      });
      const storage = await describeObject(
        this.#client,
        object,
        answer,
        abortSignal,
      );
      return { ...read, storage };
    } catch (error) {
      // The SDK says only that it was ended, not why.
      const ended = (error as Error).name === 'AbortError';
      const reason = ended && abortSignal?.reason;
      throw toS3Failure(reason || error, place);
    }
  }
}

/** Buckets with dots in their names have no certificate of their own. */
function isPathStyle({ bucket, forcePathStyle }: S3BucketRule): boolean {
  return forcePathStyle || bucket.includes('.');
}

function endpointOf({ endpoint, region }: S3BucketRule): URL {
  return new URL(endpoint ?? `https://s3.${region}.${amazonDomain(region)}`);
}

/** The hosts that the SDK asks for this bucket, and no others. */
function hostRules(rule: S3BucketRule): HostRule[] {
  const { protocol, host } = endpointOf(rule);
  const name = isPathStyle(rule) ? host : `${rule.bucket}.${host}`;
  const { allowPrivateAddress } = rule;
  const plain = protocol === 'http:' ? { endpoint: `http://${name}` } : {};
  return [
    { host: name, allowPrivateAddress, ...plain },
    ...(rule.credentials?.from === 'web-identity'
      ? [{ host: tokenServiceHost(rule.region) }]
      : []),
  ];
}

/**
 * Everything that the SDK would look up in files or the environment, or ask the
 * machine for, is set.
 */
function createClient(rule: S3BucketRule, outbound: OutboundClient): S3Client {
  const requestHandler = s3RequestHandler(outbound, MAX_OBJECT_BYTES);
  return new S3Client({
    ...s3Signing(rule, requestHandler),
    requestHandler,
    region: rule.region,
    endpoint: endpointOf(rule).origin,
    forcePathStyle: isPathStyle(rule),
    defaultsMode: 'standard',
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    useArnRegion: false,
    followRegionRedirects: false,
    disableS3ExpressSessionAuth: true,
    // The outbound client asks again where that may help.
    maxAttempts: 1,
    retryMode: 'standard',
    // Bytes are hashed here; what the store says of them proves nothing.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
