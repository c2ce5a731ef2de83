import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { BUNDLE, sha256 } from '../__testUtils__/TestRepository';
import { TestServer } from '../__testUtils__/TestServer';
import { S3Buckets } from '../resolve/s3/S3Buckets';
import {
  Trouble,
  TROUBLE_NAMES,
  TroubleName,
  TROUBLES,
} from './__testUtils__/troubles';
import { TroubledWorld } from './__testUtils__/TroubledWorld';
import { bundleStore } from './bundleStore';
import { EvidenceSource } from './evidence';

type Options = ConstructorParameters<typeof TroubledWorld>[0];

const good = JSON.stringify({ mediaType: BUNDLE, content: 'good' });

function prepared(reference: string, source: EvidenceSource) {
  const parsed = parseReference(reference);
  if (!parsed.ok) throw new Error(parsed.problem);
  const artifact = {
    digest: sha256('the plan'),
    mediaType: 'application/octet-stream',
    size: 8,
    children: [],
  };
  return {
    source,
    target: { reference: parsed.parsed, artifact, known: new Set<string>() },
    finds: sha256(good),
  };
}

const web: Options = {
  host: 'plans.acme.example',
  prepare: server => {
    server.on('/prod/plan.json.sigstore.json', { body: good });
    return prepared('https://plans.acme.example/prod/plan.json', bundleStore);
  },
};

/** How long a document may take; only where none comes that is waited for. */
let documentTimeoutMs: number | undefined;

/** The same source, with the troubled client in place of the bucket's own. */
const inBucket: EvidenceSource = {
  ...bundleStore,
  collect: (target, ports) =>
    bundleStore.collect(target, {
      ...ports,
      buckets: S3Buckets.create(
        [
          {
            bucket: 'acme-plans',
            region: 'eu-central-1',
            endpoint: 'https://s3.acme.example',
            forcePathStyle: true,
          },
        ],
        { outbound: ports.outbound, documentTimeoutMs },
      ),
    }),
};
const inS3 = (server: TestServer) => {
  const path = '/acme-plans/prod/plan.json.sigstore.json';
  server.on(`${path}?x-id=GetObject`, { body: good });
  return prepared('s3://acme-plans/prod/plan.json', inBucket);
};
// Stores say in words of their own what is wrong, beside the status.
const status = (code: number) => ({ cause: new RegExp(`status ${code}`) });
const notFollowed = {
  outcome: 'unreachable',
  cause: /it leads elsewhere, and that is not followed/,
} as const;
const bucket: Options = {
  host: 's3.acme.example',
  prepare: inS3,
  expected: {
    'status 401': status(401),
    'status 403': status(403),
    'status 500': status(500),
    'a redirect to a host that is not allowed': notFollowed,
    'a redirect to an allowed host that has nothing': notFollowed,
    'a token realm on a host that is not allowed': status(401),
    'a token realm on an allowed host': status(401),
  },
};

// Troubles of the host itself hit all that lies there.
const OF_HOST: TroubleName[] = [
  'nothing listens',
  'a name that leads to a private address',
  'a certificate of nobody known',
];

/** What hits only one question leaves the good evidence to be found. */
function besides(options: Options, suffix: string): Options {
  const names = TROUBLE_NAMES.filter(name => !OF_HOST.includes(name));
  return {
    ...options,
    hits: ({ url = '' }) => url.split('?')[0].endsWith(suffix),
    expected: Object.fromEntries(
      names.map(name => {
        const expected = { ...TROUBLES[name], ...options.expected?.[name] };
        const { outcome } = expected;
        const seen = outcome === 'none' ? 'found' : outcome;
        return [name, { ...expected, outcome: seen, finds: true }];
      }),
    ),
  };
}

describe.each<[string, Options]>([
  ['a web server', web],
  [
    'a question for attestations at a web server',
    besides(web, '.intoto.jsonl'),
  ],
  ['an S3 bucket', bucket],
  [
    'a question for attestations in an S3 bucket',
    besides(bucket, '.intoto.jsonl'),
  ],
])('%s in trouble', (_, options) => {
  const world = new TroubledWorld(options);
  beforeEach(() => world.start());
  afterEach(() => world.stop());

  it('finds what is there without any', async () => {
    expect(await world.untroubled()).toMatchObject({ finds: true });
  });

  it.each(TROUBLE_NAMES)('%s', async name => {
    documentTimeoutMs = (TROUBLES[name] as Trouble).timeoutMs;
    expect(await world.withstand(name)).toEqual(world.expected(name));
  });
});
