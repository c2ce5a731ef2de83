import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  BUNDLE,
  sha256,
  TestDescriptor,
  TestRepository,
} from '../__testUtils__/TestRepository';
import { TestServer } from '../__testUtils__/TestServer';
import { TROUBLE_NAMES } from './__testUtils__/troubles';
import { TroubledWorld } from './__testUtils__/TroubledWorld';
import { assembleAttestation } from './assembleEvidence';
import { cosignTag } from './cosignTags';
import { EvidenceSource } from './evidence';
import { ociReferrers } from './ociReferrers';

const host = 'registry.acme.example';
const good = JSON.stringify({ mediaType: BUNDLE, content: 'good' });

function prepared(
  server: TestServer,
  source: EvidenceSource,
  attach: (repository: TestRepository, image: TestDescriptor) => string,
) {
  const repository = new TestRepository(server, 'acme/app');
  const image = repository.manifest({ layers: [] });
  const parsed = parseReference(`${host}/acme/app:1.0`);
  if (!parsed.ok) throw new Error(parsed.problem);
  return {
    source,
    target: {
      reference: parsed.parsed,
      artifact: { ...image, children: [] },
      known: new Set<string>(),
    },
    finds: attach(repository, image),
  };
}

const attachBundle = (repository: TestRepository, image: TestDescriptor) => {
  repository.referrers(image.digest, [repository.bundle(good)]);
  return sha256(good);
};

const missing = {
  outcome: 'unreachable',
  cause: /lists something that is missing/,
} as const;

describe.each<[string, ConstructorParameters<typeof TroubledWorld>[0]]>([
  [
    'a registry',
    {
      host,
      prepare: server => prepared(server, ociReferrers(), attachBundle),
    },
  ],
  [
    'the list of referrers',
    {
      host,
      prepare: server =>
        prepared(server, ociReferrers(), (repository, image) => {
          // The tag that stands in for the list where there is none.
          const tag = image.digest.replace(':', '-');
          repository.index([repository.bundle(good)], tag);
          return attachBundle(repository, image);
        }),
      hits: ({ url }) => !!url?.includes('/referrers/'),
      expected: {
        'status 404': { outcome: 'found', finds: true },
        'a redirect to an allowed host that has nothing': {
          outcome: 'found',
          finds: true,
        },
      },
    },
  ],
  [
    'the blob of a bundle',
    {
      host,
      prepare: server => prepared(server, ociReferrers(), attachBundle),
      hits: ({ url }) => !!url?.includes('/blobs/'),
      expected: {
        'status 404': missing,
        'a redirect to an allowed host that has nothing': missing,
      },
    },
  ],
  [
    'a tag beside an image',
    {
      host,
      prepare: server =>
        prepared(server, cosignTag('att'), (repository, image) => {
          const envelope = JSON.stringify({ payloadType: 'x' });
          const layers = [
            repository.blob(envelope, 'application/vnd.dsse.envelope.v1+json'),
          ];
          const tag = `${image.digest.replace(':', '-')}.att`;
          repository.manifest({ layers }, tag);
          const { bytes } = assembleAttestation({}, Buffer.from(envelope));
          return sha256(bytes);
        }),
    },
  ],
])('%s in trouble', (_, options) => {
  const world = new TroubledWorld(options);
  beforeEach(() => world.start());
  afterEach(() => world.stop());

  it('finds what is there without any', async () => {
    expect(await world.untroubled()).toMatchObject({ finds: true });
  });

  it.each(TROUBLE_NAMES)('%s', async name => {
    expect(await world.withstand(name)).toEqual(world.expected(name));
  });
});
