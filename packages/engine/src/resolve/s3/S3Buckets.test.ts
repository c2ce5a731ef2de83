import { Socket } from 'node:net';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../__testUtils__/TestRepository';
import { TestClock } from '../../__testUtils__/TestClock';
import {
  endless,
  TestAnswer,
  TestServer,
} from '../../__testUtils__/TestServer';
import { bundleStore } from '../../collect/bundleStore';
import { OutboundClient } from '../../outbound';
import { resolveReference } from '../resolveReference';
import { S3BucketRule } from './S3BucketRule';
import { S3Buckets } from './S3Buckets';

const BUCKET = 'acme-plans';
const KEY = 'prod/plan=1+2@ü(a).json';
const PATH = `/${BUCKET}/prod/plan%3D1%2B2%40%C3%BC%28a%29.json`;
const CONTENT = `${PATH}?x-id=GetObject`;
const HOST = 's3.acme.example';
const STS = 'sts.eu-central-1.amazonaws.com';
const KEYS = {
  access: 'plans',
  from: 'keys',
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'very-secret',
} as const;

const failed = (
  code: string,
  status: number,
  headers: Record<string, string> = {},
): TestAnswer => ({
  status,
  headers: { 'content-type': 'application/xml', ...headers },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>&lt;b&gt;words of the store</Message></Error>`,
});
const xml = (body: string): TestAnswer => ({
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?>${body}`,
});

describe('buckets', () => {
  let server: TestServer;
  let outbound: OutboundClient;
  let opened: S3Buckets | undefined;

  beforeEach(async () => {
    server = await TestServer.start();
    const at = { endpoint: server.url, allowPrivateAddress: true };
    outbound = OutboundClient.create({
      hosts: [
        { host: HOST, ...at },
        { host: STS, ...at },
      ],
      includeWellKnownHosts: false,
      clock: new TestClock(),
    });
    server.on(CONTENT, { body: 'the plan' });
  });

  afterEach(async () => {
    await opened?.close();
    await outbound.close();
    await server.close();
  });

  function open(rule: Partial<S3BucketRule> = {}, access = '') {
    opened = S3Buckets.create(
      [
        {
          bucket: BUCKET,
          region: 'eu-central-1',
          endpoint: `https://${HOST}`,
          forcePathStyle: true,
          ...rule,
        },
      ],
      { outbound },
    );
    return opened.withAccess(access);
  }

  async function resolve(rule: Partial<S3BucketRule> = {}, access = '') {
    const ports = {
      outbound,
      fileRoots: [],
      buckets: open(rule, access),
      now: () => new Date('2026-11-22T15:00:00Z'),
    };
    const reference = { type: 's3', bucket: BUCKET, key: KEY } as const;
    return resolveReference(reference, ports);
  }

  it('names an object by what it holds, not by what the store says of it', async () => {
    server.on(CONTENT, {
      headers: {
        etag: '"of-another"',
        'content-encoding': 'gzip',
        'x-amz-checksum-sha256': Buffer.alloc(32).toString('base64'),
        'x-amz-checksum-type': 'FULL_OBJECT',
      },
      body: 'the plan',
    });
    const { artifact, lookup } = await resolve();
    expect(lookup).toMatchObject({
      source: `s3://${BUCKET} artifact`,
      outcome: 'found',
    });
    expect(artifact).toMatchObject({ digest: sha256('the plan'), size: 8 });
  });

  it.each<[string, TestAnswer]>([
    ['announced', { body: 'the plan' }],
    [
      'not announced',
      (_, response) => {
        response.write('the ');
        response.end('plan');
      },
    ],
  ])('is not read beyond the limit, %s', async (_, answer) => {
    server.on(CONTENT, answer);
    const reference = { type: 's3', bucket: BUCKET, key: KEY } as const;
    const buckets = open();
    const limits = { maxBytes: 7 };
    const readings = await Promise.allSettled<unknown>([
      buckets.hash(reference, limits),
      buckets.read(reference, limits),
    ]);
    const refused = { status: 'rejected', reason: { failure: 'over-cap' } };
    expect(readings).toMatchObject([refused, refused]);
    await expect(
      buckets.read(reference, { maxBytes: 8 }),
    ).resolves.toMatchObject({ bytes: Buffer.from('the plan') });
  });

  it('uses credentials with the access that was granted, and never else', async () => {
    await resolve({ credentials: KEYS }, 'plans');
    const signed = server.requests.map(({ authorization }) => authorization);
    expect(signed).toHaveLength(4);
    for (const value of signed) {
      expect(value).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\//);
    }
    server.requests.length = 0;
    for (const access of ['', 'others']) {
      await resolve({ credentials: KEYS }, access);
    }
    expect(server.requests).toHaveLength(8);
    expect(server.requests.filter(one => one.authorization)).toEqual([]);
  });

  it.each([
    ['a bucket that is not configured', { bucket: 'other-plans' }],
    ['a key outside the prefix', { prefix: 'staging/' }],
  ])('does not ask for %s', async (_, rule) => {
    const { failure, lookup } = await resolve(rule);
    expect(failure).toBe('host-not-allowed');
    expect(lookup.cause).toContain('sigstore.sources.s3');
    expect(server.requests).toEqual([]);
  });

  it.each<[string, TestAnswer, string, string]>([
    ['NoSuchKey', failed('NoSuchKey', 404), 'none', 'has nothing there'],
    ['NoSuchBucket', failed('NoSuchBucket', 404), 'none', 'does not exist'],
    [
      'a delete marker',
      failed('NoSuchKey', 404, { 'x-amz-delete-marker': 'true' }),
      'none',
      'was deleted',
    ],
    [
      'AccessDenied, which can hide absence',
      failed('AccessDenied', 403),
      'refused',
      's3:ListBucket',
    ],
    [
      'another region',
      failed('PermanentRedirect', 301, {
        'x-amz-bucket-region': 'us-west-2',
        location: 'https://elsewhere.example/',
      }),
      'unreachable',
      'set region: us-west-2',
    ],
    [
      'a redirect to another host',
      failed('TemporaryRedirect', 307, { location: 'https://evil.example/' }),
      'unreachable',
      'leads elsewhere',
    ],
    [
      'a region that the signature does not name',
      failed('AuthorizationHeaderMalformed', 400, {
        'x-amz-bucket-region': 'us-west-2',
      }),
      'unreachable',
      'set region: us-west-2',
    ],
    [
      'a clock that is off',
      failed('RequestTimeTooSkewed', 403),
      'refused',
      'set the clock',
    ],
    [
      'an archived object',
      failed('InvalidObjectState', 403),
      'refused',
      'archive',
    ],
    [
      'a code that is not known',
      failed('SomethingNew', 418),
      'refused',
      '(SomethingNew, status 418)',
    ],
    ['status 500', failed('InternalError', 500), 'unreachable', '500'],
  ])('says what it is: %s', async (_, answer, outcome, words) => {
    server.on(CONTENT, answer);
    const { lookup } = await resolve();
    expect(lookup).toMatchObject({
      outcome,
      cause: expect.stringContaining(words),
    });
    expect(lookup.cause).not.toContain('words of the store');
  });

  it('reads no more of an endless error than of one', async () => {
    const { answer, closed } = endless({}, 400);
    server.on(CONTENT, answer);
    const { lookup } = await resolve();
    expect(lookup).toMatchObject({
      outcome: 'refused',
      cause: expect.stringContaining('status 400'),
    });
    await closed;
    await server.close();
    expect(server.bytesSent).toBeLessThan(8 * 1024 * 1024);
  });

  it('comes back when the store says so', async () => {
    server.on(CONTENT, failed('SlowDown', 503, { 'retry-after': '600' }));
    const { lookup } = await resolve();
    expect(lookup).toMatchObject({
      outcome: 'unreachable',
      nextDueAt: '2026-11-22T15:10:00.000Z',
    });
  });

  it('asks for everything that can lie beside an object', async () => {
    const reference = { type: 's3', bucket: BUCKET, key: KEY } as const;
    const artifact = {
      digest: sha256('the plan'),
      mediaType: '',
      size: 8,
      children: [],
    };
    server.on(`${PATH}.sig?x-id=GetObject`, { body: 'MAYCAQECAQE=' });
    const { evidence } = await bundleStore.collect(
      { reference, artifact, known: new Set() },
      { outbound, buckets: open(), fileRoots: [], now: () => new Date() },
    );
    expect(evidence).toHaveLength(1);
    const asked = server.requests
      .map(({ url }) => url)
      .filter(url => url.endsWith('?x-id=GetObject'))
      .map(url => url.slice(PATH.length, -'?x-id=GetObject'.length));
    expect(asked.sort()).toEqual([
      '.bundle',
      '.cert',
      '.crt',
      '.intoto.jsonl',
      '.pem',
      '.sig',
      '.sigstore',
      '.sigstore.json',
    ]);
  });

  describe('how an object is kept', () => {
    const RETENTION = `${PATH}?retention=&versionId=v1`;
    const HOLD = `${PATH}?legal-hold=&versionId=v1`;
    const VERSIONING = `/${BUCKET}/?versioning=`;

    beforeEach(() => {
      server.on(CONTENT, {
        headers: { 'x-amz-version-id': 'v1' },
        body: 'the plan',
      });
    });

    it('is asked of the version that was read', async () => {
      server.on(
        VERSIONING,
        xml(
          '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
        ),
      );
      server.on(
        RETENTION,
        xml(
          '<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2027-01-31T00:00:00Z</RetainUntilDate></Retention>',
        ),
      );
      server.on(HOLD, xml('<LegalHold><Status>ON</Status></LegalHold>'));
      const { artifact } = await resolve();
      expect(artifact?.storage).toEqual({
        role: 'artifact',
        name: `s3://${BUCKET}/${KEY}`,
        versionId: 'v1',
        versioning: 'on',
        retention: {
          state: 'set',
          mode: 'governance',
          until: '2027-01-31T00:00:00.000Z',
        },
        legalHold: 'on',
      });
    });

    it('is not known where it may not be read', async () => {
      for (const path of [VERSIONING, RETENTION, HOLD]) {
        server.on(path, failed('AccessDenied', 403));
      }
      const { artifact } = await resolve();
      expect(artifact).toMatchObject({
        digest: sha256('the plan'),
        storage: {
          versioning: 'unknown',
          retention: {
            state: 'unknown',
            cause: expect.stringContaining('AccessDenied'),
          },
          legalHold: 'unknown',
        },
      });
    });

    it.each([
      ['NoSuchObjectLockConfiguration', 404, ''],
      ['InvalidRequest', 400, 'Bucket is missing Object Lock Configuration'],
    ])(
      'is by nothing where the store says %s',
      async (code, status, message) => {
        const none = {
          status,
          headers: { 'content-type': 'application/xml' },
          body: `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
        };
        server.on(VERSIONING, xml('<VersioningConfiguration/>'));
        server.on(RETENTION, none);
        server.on(HOLD, none);
        const { artifact } = await resolve();
        expect(artifact?.storage).toMatchObject({
          versioning: 'off',
          retention: { state: 'none' },
          legalHold: 'off',
        });
      },
    );

    it('is not asked for what came with the content', async () => {
      server.on(CONTENT, {
        headers: {
          'x-amz-version-id': 'v1',
          'x-amz-object-lock-mode': 'COMPLIANCE',
          'x-amz-object-lock-retain-until-date': '2027-01-31T00:00:00Z',
          'x-amz-object-lock-legal-hold': 'OFF',
        },
        body: 'the plan',
      });
      const { artifact } = await resolve();
      expect(artifact?.storage).toMatchObject({
        retention: { state: 'set', mode: 'compliance' },
        legalHold: 'off',
      });
      expect(server.asked(RETENTION) + server.asked(HOLD)).toBe(0);
    });
  });

  describe('with an environment that leads elsewhere', () => {
    const before = { ...process.env };
    let elsewhere: TestServer;

    beforeEach(async () => {
      elsewhere = await TestServer.start();
      const token = join(mkdtempSync(join(tmpdir(), 'token-')), 'token');
      writeFileSync(token, 'header.claims.signature');
      Object.assign(process.env, {
        AWS_ENDPOINT_URL: elsewhere.url,
        AWS_ENDPOINT_URL_S3: elsewhere.url,
        AWS_EC2_METADATA_SERVICE_ENDPOINT: elsewhere.url,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${elsewhere.url}/container`,
        AWS_DEFAULTS_MODE: 'auto',
        AWS_REGION: 'us-east-1',
        AWS_USE_FIPS_ENDPOINT: 'true',
        AWS_WEB_IDENTITY_TOKEN_FILE: token,
        AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/reader',
      });
    });

    afterEach(async () => {
      process.env = { ...before };
      await elsewhere.close();
    });

    it('asks nobody but the bucket as it is configured', async () => {
      const connect = jest.spyOn(Socket.prototype, 'connect');
      const { artifact } = await resolve();
      expect(artifact?.digest).toBe(sha256('the plan'));
      await resolve({ credentials: KEYS }, 'plans');
      const ports = connect.mock.calls.map(([target]) => portOf(target));
      connect.mockRestore();
      expect(new Set(ports)).toEqual(new Set([server.port]));
      expect(elsewhere.connections).toBe(0);
    });

    it.each([
      ['environment', []],
      ['container', ['/container']],
      [
        'instance',
        [
          '/latest/api/token',
          '/latest/meta-data/iam/security-credentials/',
          '/latest/meta-data/iam/security-credentials/reader',
        ],
      ],
    ] as const)(
      'takes credentials from the %s and asks no other',
      async (from, asked) => {
        const found = JSON.stringify({
          Code: 'Success',
          AccessKeyId: 'AKIAFOUND',
          SecretAccessKey: 's',
          Token: 't',
          Expiration: '2099-01-01T00:00:00Z',
        });
        Object.assign(process.env, {
          AWS_ACCESS_KEY_ID: 'AKIAFOUND',
          AWS_SECRET_ACCESS_KEY: 's',
        });
        for (const path of asked) {
          const body = path.endsWith('credentials/') ? 'reader' : found;
          elsewhere.on(path, { body });
        }
        const { artifact } = await resolve(
          { credentials: { access: 'plans', from } },
          'plans',
        );
        expect(artifact?.digest).toBe(sha256('the plan'));
        expect(server.requests[0].authorization).toContain('AKIAFOUND');
        const urls = new Set(elsewhere.requests.map(({ url }) => url));
        expect([...urls]).toEqual(asked);
      },
    );

    it('exchanges a token for credentials by way of the outbound client', async () => {
      server.on(
        '/',
        xml(`<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult><Credentials>
            <AccessKeyId>ASIAEXCHANGED</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
            <SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
          </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`),
      );
      const credentials = { access: 'plans', from: 'web-identity' } as const;
      const { artifact, lookup } = await resolve({ credentials }, 'plans');
      expect(lookup.cause).toBeUndefined();
      expect(artifact?.digest).toBe(sha256('the plan'));
      expect(server.requests[0].url).toBe('/');
      expect(server.requests[1].authorization).toContain('ASIAEXCHANGED');
      expect(elsewhere.connections).toBe(0);
    });

    it('says so where credentials cannot be had', async () => {
      server.on('/', failed('AccessDenied', 403));
      const credentials = { access: 'plans', from: 'web-identity' } as const;
      const { lookup } = await resolve({ credentials }, 'plans');
      expect(lookup.outcome).not.toBe('found');
      expect(server.asked(CONTENT)).toBe(0);
    });
  });

  it('does not reach private addresses unless they are allowed', async () => {
    const { url: endpoint } = server;
    const rule = { bucket: BUCKET, region: 'eu-central-1', endpoint };
    opened = S3Buckets.create([{ ...rule, forcePathStyle: true }]);
    await expect(
      opened.hash({ type: 's3', bucket: BUCKET, key: KEY }, { maxBytes: 100 }),
    ).rejects.toMatchObject({ failure: 'host-not-allowed' });
    expect(server.connections).toBe(0);
  });
});

function portOf(target: unknown): unknown {
  const [first] = Array.isArray(target) ? target : [target];
  return Number((first as { port?: unknown }).port);
}
