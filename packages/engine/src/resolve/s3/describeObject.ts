import {
  GetBucketVersioningCommand,
  GetObjectCommandOutput,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ObjectDescription } from '../ObjectStore';
import { toS3Failure } from './s3Errors';

const MAX_VERSION_ID = 1024;

/** What stores answer when a version is kept by nothing. */
const NOTHING_SET = [
  'NoSuchObjectLockConfiguration',
  'ObjectLockConfigurationNotFoundError',
];

type Retention = ObjectDescription['retention'];

/**
 * Reads how an object is kept: its version, whether the bucket keeps versions,
 * Object Lock's retention and legal hold. They are asked of the version that was
 * read. Never throws: what the store does not tell is unknown.
 *
 * @param object - what was read
 * @param answer - what the store said while it was read
 */
export async function describeObject(
  client: S3Client,
  object: { Bucket: string; Key: string },
  answer: GetObjectCommandOutput,
  abortSignal: AbortSignal | undefined,
): Promise<ObjectDescription> {
  const versionId = answer.VersionId?.slice(0, MAX_VERSION_ID);
  // Stores call what was written before they kept versions "null".
  const version = versionId ? { ...object, VersionId: versionId } : object;
  const ask: Ask = { client, abortSignal };
  const [versioning, retention, legalHold] = await Promise.all([
    readVersioning(ask, object.Bucket),
    givenRetention(answer) ?? readRetention(ask, version),
    givenHold(answer) ?? readHold(ask, version),
  ]);
  return {
    name: `s3://${object.Bucket}/${object.Key}`,
    ...(versionId && versionId !== 'null' ? { versionId } : {}),
    versioning,
    retention,
    legalHold,
  };
}

type Ask = { client: S3Client; abortSignal: AbortSignal | undefined };
type Version = { Bucket: string; Key: string; VersionId?: string };

async function readVersioning(
  { client, abortSignal }: Ask,
  Bucket: string,
): Promise<ObjectDescription['versioning']> {
  try {
    const { Status } = await client.send(
      new GetBucketVersioningCommand({ Bucket }),
      { abortSignal },
    );
    if (Status === undefined) return 'off';
    return toVersioning(Status);
  } catch {
    return 'unknown';
  }
}

function toVersioning(status: string): ObjectDescription['versioning'] {
  if (status === 'Enabled') return 'on';
  return status === 'Suspended' ? 'suspended' : 'unknown';
}

/** Told with the content, to those who may know. */
function givenRetention({
  ObjectLockMode: mode,
  ObjectLockRetainUntilDate: until,
}: GetObjectCommandOutput): Retention | undefined {
  return mode && until ? toRetention(mode, until) : undefined;
}

async function readRetention(
  { client, abortSignal }: Ask,
  version: Version,
): Promise<Retention> {
  try {
    const { Retention } = await client.send(
      new GetObjectRetentionCommand(version),
      { abortSignal },
    );
    const { Mode, RetainUntilDate } = Retention ?? {};
    return Mode && RetainUntilDate
      ? toRetention(Mode, RetainUntilDate)
      : { state: 'none' };
  } catch (error) {
    if (isNothingSet(error)) return { state: 'none' };
    const cause = toS3Failure(error, `s3://${version.Bucket}`).message;
    return { state: 'unknown', cause };
  }
}

function toRetention(mode: string, until: Date): Retention {
  const known = mode.toLowerCase();
  const isKnown = known === 'compliance' || known === 'governance';
  return isKnown && !Number.isNaN(until.getTime())
    ? { state: 'set', mode: known, until: until.toISOString() }
    : {
        state: 'unknown',
        cause: 'the store names a retention that is not known',
      };
}

function givenHold({
  ObjectLockLegalHoldStatus: status,
}: GetObjectCommandOutput): ObjectDescription['legalHold'] | undefined {
  return status && toHold(status);
}

async function readHold(
  { client, abortSignal }: Ask,
  version: Version,
): Promise<ObjectDescription['legalHold']> {
  try {
    const { LegalHold } = await client.send(
      new GetObjectLegalHoldCommand(version),
      { abortSignal },
    );
    return LegalHold?.Status ? toHold(LegalHold.Status) : 'off';
  } catch (error) {
    return isNothingSet(error) ? 'off' : 'unknown';
  }
}

function toHold(status: string): ObjectDescription['legalHold'] {
  if (status === 'ON') return 'on';
  return status === 'OFF' ? 'off' : 'unknown';
}

/**
 * That there is none is an answer. Buckets without Object Lock say so with a
 * general code, and only the message tells.
 */
function isNothingSet(error: unknown): boolean {
  const { name, message } = error as { name?: unknown; message?: unknown };
  if (NOTHING_SET.includes(String(name))) return true;
  return (
    /^Invalid(Request|BucketObjectLockConfiguration)$/.test(String(name)) &&
    /missing Object ?Lock Configuration/i.test(String(message))
  );
}
