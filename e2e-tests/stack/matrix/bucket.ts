import { readFile } from 'node:fs/promises';
import {
  CreateBucketCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { s3Credentials } from '../furtherServicePlans.ts';
import type { Stack } from '../stack.ts';

/** The bucket of the table, with Object Lock. */
export const bucketName = 'acme-plans';

/** Puts a file into the bucket, to be kept as it is for an hour. */
export type Upload = (key: string, file: string) => Promise<void>;

/** Makes the bucket. */
export async function makeBucket(stack: Stack): Promise<Upload> {
  const { region, ...credentials } = s3Credentials;
  const client = new S3Client({
    ...{ region, credentials, forcePathStyle: true },
    endpoint: stack.loopback.s3,
  });
  const Bucket = bucketName;
  await client.send(
    new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }),
  );
  return async (Key, file) => {
    await client.send(
      new PutObjectCommand({
        ...{ Bucket, Key, Body: await readFile(file) },
        ObjectLockMode: 'GOVERNANCE',
        ObjectLockRetainUntilDate: new Date(Date.now() + 3_600_000),
      }),
    );
  };
}
