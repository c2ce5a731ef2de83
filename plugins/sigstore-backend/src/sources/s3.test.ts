import { ConfigReader } from '@backstage/config';
import { readS3Config } from './s3';

const PLANS = { bucket: 'acme-plans', region: 'eu-central-1' };
const FOR = [
  {
    entity: 'component:default/checkout',
    references: ['s3://acme-plans/prod/checkout/**'],
  },
];
const read = (...s3: object[]) =>
  readS3Config(new ConfigReader({ sigstore: { sources: { s3 } } }));

describe('buckets in configuration', () => {
  it('are none by default', () => {
    expect(readS3Config(new ConfigReader({}))).toEqual({
      rules: [],
      accessRules: [],
    });
  });

  it('are asked as anybody could, unless credentials are named for somebody', () => {
    const credentials = { name: 'plans', from: 'web-identity', for: FOR };
    const server = {
      bucket: 'own.plans',
      prefix: 'prod/',
      endpoint: 'https://s3.acme.example',
      forcePathStyle: true,
      allowPrivateAddress: true,
      credentials: {
        name: 'own',
        accessKeyId: 'id',
        secretAccessKey: 'secret',
        for: [{ references: ['s3://own.plans/prod/{{ repository }}/**'] }],
      },
    };
    expect(read(PLANS, { ...PLANS, credentials }, server)).toEqual({
      rules: [
        PLANS,
        { ...PLANS, credentials: { access: 'plans', from: 'web-identity' } },
        {
          ...server,
          region: 'us-east-1',
          credentials: {
            access: 'own',
            from: 'keys',
            accessKeyId: 'id',
            secretAccessKey: 'secret',
          },
        },
      ],
      accessRules: [
        {
          name: 'plans',
          grants: [
            {
              entityRef: 'component:default/checkout',
              references: ['s3://acme-plans/prod/checkout/**'],
            },
          ],
        },
        {
          name: 'own',
          grants: [{ references: ['s3://own.plans/prod/{{ repository }}/**'] }],
        },
      ],
    });
  });

  const withCredentials = (credentials: object) => [{ ...PLANS, credentials }];
  it.each<[string, object[]]>([
    ['s3[0]: "s3://acme-plans"', [{ ...PLANS, bucket: 's3://acme-plans' }]],
    ['prefix "../"', [{ ...PLANS, prefix: '../' }]],
    ['s3[0].region is missing', [{ bucket: 'acme-plans' }]],
    ['s3[0].region: "evil.example/"', [{ ...PLANS, region: 'evil.example/' }]],
    ['s3[0].endpoint', [{ ...PLANS, endpoint: 'https://u:p@s3.example' }]],
    ['s3[0].endpoint', [{ ...PLANS, endpoint: 'https://s3.example/path' }]],
    [
      'credentials.name',
      withCredentials({ name: '', from: 'environment', for: FOR }),
    ],
    ['needs one of: from', withCredentials({ name: 'a', for: FOR })],
    [
      'needs one of: from',
      withCredentials({ name: 'a', from: 'anywhere', for: FOR }),
    ],
    [
      'needs one of: from',
      withCredentials({ name: 'a', accessKeyId: 'i', for: FOR }),
    ],
    [
      'needs one of: from',
      withCredentials({
        ...{ name: 'a', from: 'environment', for: FOR },
        ...{ accessKeyId: 'i', secretAccessKey: 'very-secret' },
      }),
    ],
    [
      'credentials.for is empty',
      withCredentials({ name: 'a', from: 'environment' }),
    ],
    [
      'does not begin with s3://acme-plans/',
      withCredentials({
        ...{ name: 'a', from: 'environment' },
        for: [{ ...FOR[0], references: ['s3://other/**'] }],
      }),
    ],
  ])('are refused: %s', (message, s3) => {
    expect(() => read(...s3)).toThrow(message);
    expect(() => read(...s3)).not.toThrow('very-secret');
  });
});
