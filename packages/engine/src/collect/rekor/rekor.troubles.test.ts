import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { TestServer } from '../../__testUtils__/TestServer';
import { sha256 } from '../../__testUtils__/TestRepository';
import { entryOfBundle } from '../../transparency/__testUtils__/RekorServer';
import {
  MockInstance,
  digestOf,
} from '../../verify/__testUtils__/MockInstance';
import { TROUBLE_NAMES } from '../__testUtils__/troubles';
import { TroubledSource, TroubledWorld } from '../__testUtils__/TroubledWorld';
import { KnownContent } from './knownContent';
import { assembleLogEntry } from './assembleLogEntry';
import { rekorSource } from './rekorSource';

const host = 'rekor.acme.example';
const SEARCH = '/api/v1/index/retrieve';
const RETRIEVE = '/api/v1/log/entries/retrieve';
const ARTIFACT = Buffer.from('an artifact');

let bundle: Record<string, any>;

beforeAll(async () => {
  bundle = await (await MockInstance.create(host)).signMessage(ARTIFACT);
});

function prepare(server: TestServer): TroubledSource {
  const { uuid, entry } = entryOfBundle(bundle);
  server.on(SEARCH, { body: JSON.stringify([uuid]) });
  server.on(RETRIEVE, { body: JSON.stringify([{ [uuid]: entry }]) });
  const parsed = parseReference('registry.acme.example/app:1');
  if (!parsed.ok) throw new Error(parsed.problem);
  const target = {
    reference: parsed.parsed,
    artifact: {
      digest: digestOf(ARTIFACT),
      mediaType: '',
      size: 1,
      children: [],
    },
    known: new Set<string>(),
  };
  const outcome = assembleLogEntry(
    { uuid, ...(entry as any) },
    new KnownContent(target),
  );
  if (outcome.found !== 'evidence') throw new Error('no evidence');
  return {
    source: rekorSource({ url: `https://${host}` }),
    target,
    finds: sha256(outcome.bytes),
  };
}

const redirected = {
  outcome: 'unreachable',
  cause: /answered a question with a redirect/,
} as const;
const redirects = {
  'a redirect to a host that is not allowed': redirected,
  'a redirect to an allowed host that has nothing': redirected,
};

describe.each<
  [string, Partial<ConstructorParameters<typeof TroubledWorld>[0]>]
>([
  [
    'the search of a log',
    {
      expected: {
        ...redirects,
        'status 404': { outcome: 'unsupported', cause: /offers no search/ },
      },
    },
  ],
  [
    'the entries of a log',
    {
      hits: ({ url }) => url === RETRIEVE,
      expected: {
        ...redirects,
        'status 404': {
          outcome: 'unreachable',
          cause: /lists something that is missing/,
        },
      },
    },
  ],
])('%s in trouble', (_, options) => {
  const world = new TroubledWorld({
    host,
    prepare,
    onlyHints: true,
    ...options,
  });
  beforeEach(() => world.start());
  afterEach(() => world.stop());

  it('finds what is there without any', async () => {
    expect(await world.untroubled()).toMatchObject({ finds: true });
  });

  it.each(TROUBLE_NAMES)('%s', async name => {
    expect(await world.withstand(name)).toEqual(world.expected(name));
  });
});
