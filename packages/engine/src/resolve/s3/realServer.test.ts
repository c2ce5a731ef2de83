import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { sha256 } from '../../__testUtils__/TestRepository';
import { OutboundClient } from '../../outbound';
import { bundleStore } from '../../collect/bundleStore';
import { resolveReference } from '../resolveReference';
import { S3BucketRule } from './S3BucketRule';
import { S3Buckets } from './S3Buckets';

const {
  S3_TEST_ENDPOINT: endpoint = '',
  S3_TEST_ACCESS_KEY: accessKeyId = '',
  S3_TEST_SECRET_KEY: secretAccessKey = '',
} = process.env;
const live = endpoint ? describe : describe.skip;
const region = 'us-east-1';
const PLAN = 'the plan';
const BUNDLE = JSON.stringify({
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
});

// An S3 server of somebody else's making: set S3_TEST_ENDPOINT,
// S3_TEST_ACCESS_KEY and S3_TEST_SECRET_KEY. It gets new buckets.
live('objects of a real S3 server', () => {
  const name = `acme-plans-${randomUUID().slice(0, 8)}`;
  const locked = `${name}-locked`;
  const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000);
  const admin = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  const outbound = OutboundClient.create({ hosts: [] });
  let opened: S3Buckets | undefined;

  beforeAll(async () => {
    const send = admin.send.bind(admin);
    await send(new CreateBucketCommand({ Bucket: name }));
    await send(
      new CreateBucketCommand({
        Bucket: locked,
        ObjectLockEnabledForBucket: true,
      }),
    );
    await send(
      new PutBucketVersioningCommand({
        Bucket: locked,
        VersioningConfiguration: { Status: 'Enabled' },
      }),
    );
    for (const Bucket of [name, locked]) {
      const Key = 'prod/plan=1+ü.json';
      await send(new PutObjectCommand({ Bucket, Key, Body: PLAN }));
      await send(
        new PutObjectCommand({
          Bucket,
          Key: `${Key}.sigstore.json`,
          Body: BUNDLE,
        }),
      );
    }
    const object = { Bucket: locked, Key: 'prod/plan=1+ü.json' };
    await send(
      new PutObjectRetentionCommand({
        ...object,
        Retention: { Mode: 'COMPLIANCE', RetainUntilDate: until },
      }),
    );
    await send(
      new PutObjectLegalHoldCommand({ ...object, LegalHold: { Status: 'ON' } }),
    );
  });

  afterEach(() => opened?.close());
  afterAll(async () => {
    admin.destroy();
    await outbound.close();
  });

  async function look(
    bucket: string,
    rule: Partial<S3BucketRule> = {},
    access = 'plans',
  ) {
    opened = S3Buckets.create([
      {
        bucket,
        region,
        endpoint,
        forcePathStyle: true,
        allowPrivateAddress: true,
        credentials: {
          access: 'plans',
          from: 'keys',
          accessKeyId,
          secretAccessKey,
        },
        ...rule,
      },
    ]);
    const buckets = opened.withAccess(access);
    const ports = { outbound, fileRoots: [], buckets, now: () => new Date() };
    const reference = {
      type: 's3',
      bucket,
      key: 'prod/plan=1+ü.json',
    } as const;
    const resolved = await resolveReference(reference, ports);
    const { artifact } = resolved;
    const collected =
      artifact &&
      (await bundleStore.collect(
        { reference, artifact, known: new Set() },
        ports,
      ));
    return { ...resolved, collected };
  }

  it('hashes an object, and finds the bundle beside it', async () => {
    const { artifact, collected } = await look(name);
    expect(artifact?.digest).toBe(sha256(PLAN));
    expect(collected?.evidence).toEqual([
      expect.objectContaining({ digest: sha256(BUNDLE) }),
    ]);
    expect(collected?.lookups).toEqual([
      expect.objectContaining({ outcome: 'found' }),
    ]);
  });

  it('reads how the object and its bundle are kept', async () => {
    const { artifact, collected } = await look(locked);
    expect(artifact?.storage).toEqual({
      role: 'artifact',
      name: `s3://${locked}/prod/plan=1+ü.json`,
      versionId: expect.any(String),
      versioning: 'on',
      retention: {
        state: 'set',
        mode: 'compliance',
        until: until.toISOString(),
      },
      legalHold: 'on',
    });
    expect(collected?.storage).toEqual([
      expect.objectContaining({
        role: 'evidence',
        name: `s3://${locked}/prod/plan=1+ü.json.sigstore.json`,
        retention: { state: 'none' },
        legalHold: 'off',
      }),
    ]);
  });

  it('says so where a bucket keeps no versions and locks nothing', async () => {
    const { artifact } = await look(name);
    expect(artifact?.storage).toMatchObject({
      versioning: 'off',
      retention: { state: 'none' },
      legalHold: 'off',
    });
    expect(artifact?.storage?.versionId).toBeUndefined();
  });

  it.each([
    [
      'a wrong secret',
      {
        credentials: {
          ...{ access: 'plans', from: 'keys' },
          ...{ accessKeyId, secretAccessKey: 'wrong' },
        },
      },
      'secret key does not belong',
      'plans',
    ],
    ['no credentials', { credentials: undefined }, 'AccessDenied', 'plans'],
    ['access to other credentials', {}, 'AccessDenied', 'others'],
  ] as [string, Partial<S3BucketRule>, string, string][])(
    'is refused with %s',
    async (_, rule, words, access) => {
      const { lookup, failure } = await look(name, rule, access);
      expect(failure).toBe('source-refused');
      expect(lookup).toMatchObject({
        outcome: 'refused',
        cause: expect.stringContaining(words),
      });
    },
  );
});
