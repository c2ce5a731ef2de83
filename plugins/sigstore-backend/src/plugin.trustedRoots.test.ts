import {
  TestBackend,
  createMockDirectory,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { publicGoodTrustedRoot } from '@cloudythings/sigstore-engine';
import { Knex } from 'knex';
// What stands in for a TUF repository is no part of what the engine exports.
// eslint-disable-next-line @backstage/no-relative-monorepo-imports
import { TestTuf } from '../../../packages/engine/src/tuf/__testUtils__/TestTuf';
import { openEmptyDatabase } from './__testUtils__/databases';
import { sigstorePlugin } from './plugin';

jest.setTimeout(60_000);

const root = publicGoodTrustedRoot() as { tlogs: unknown[] };
const FIRST = JSON.stringify(root);
const SECOND = JSON.stringify({ ...root, tlogs: root.tlogs.slice(0, 1) });

describe('the plugin with a trusted root that follows its repository', () => {
  const files = createMockDirectory();
  let tuf: TestTuf;
  let knex: Knex;
  let backend: TestBackend | undefined;

  beforeEach(async () => {
    tuf = await TestTuf.start();
    knex = await openEmptyDatabase('SQLITE_3');
    files.setContent({ 'root.json': tuf.root });
  });

  afterEach(async () => {
    await backend?.stop();
    backend = undefined;
    await tuf.server.close();
  });

  const reached = (endpoint: string) => [
    { host: 'tuf.acme.example', endpoint, allowPrivateAddress: true },
  ];

  const start = async (hosts = reached(tuf.server.url)) => {
    const sigstore = {
      trustedRoots: [
        {
          name: 'acme',
          tuf: {
            mirror: 'https://tuf.acme.example',
            root: files.resolve('root.json'),
          },
        },
      ],
      hosts,
    };
    backend = await startTestBackend({
      features: [
        sigstorePlugin,
        catalogServiceMock.factory({ entities: [] }),
        mockServices.rootConfig.factory({ data: { sigstore } }),
        mockServices.database.factory({ knex }),
      ],
    });
  };
  const generations = () => knex('trust_generations').orderBy('generation');

  it('fetches it at the first start, follows it, and starts without network', async () => {
    tuf.publish(FIRST);
    await start();
    expect(await generations()).toHaveLength(1);
    await backend!.stop();

    tuf.publish(SECOND);
    await start();
    while ((await knex('trusted_roots').pluck('content'))[0] !== SECOND);
    await backend!.stop();

    // Nothing listens there.
    await start(reached('http://127.0.0.1:1'));
    const [, second, ...others] = await generations();
    expect(others).toEqual([]);
    expect(JSON.parse(second.changes).trustedRoots.changed).toEqual(['acme']);
  });

  it('does not start before it has one, and says what to do', async () => {
    await expect(start()).rejects.toThrow(
      /"acme" could not be fetched yet.*has nothing there \(status 404\) at \/timestamp.json.*Make https:\/\/tuf.acme.example reachable/,
    );
  });

  it('does not start with a repository that may not be asked', async () => {
    await expect(start([])).rejects.toThrow(
      'sigstore.trustedRoots[0].tuf.mirror: tuf.acme.example is not an allowed host; add it to sigstore.hosts',
    );
    expect(tuf.server.requests).toEqual([]);
  });
});
