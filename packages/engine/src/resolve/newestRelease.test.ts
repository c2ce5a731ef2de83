import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { TestRepository } from '../__testUtils__/TestRepository';
import { TestServer } from '../__testUtils__/TestServer';
import { OutboundClient } from '../outbound';
import { highestVersion } from './newestRelease';
import { resolveReference } from './resolveReference';

const HOST = 'registry.acme.example';

describe('highestVersion', () => {
  it.each<[string[], string | undefined]>([
    [['1.9.0', '1.10.0', '1.2.0'], '1.10.0'],
    [['v2.0.0', '1.10.0'], 'v2.0.0'],
    [['1.0.0', '2.0.0-rc.1'], '1.0.0'],
    [['2.0.0-rc.1', '2.0.0-rc.10', '2.0.0-rc.9'], '2.0.0-rc.10'],
    [['1.4', '1', 'main', 'latest', 'sha256-ab.sig'], undefined],
    [['1.4.0', 'v1.4.0'], 'v1.4.0'],
    [['v1.4.0', '1.4.0'], 'v1.4.0'],
    [['1.0.0_2', '1.0.0_10', '1.0.0'], '1.0.0_10'],
    [['01.2.3', '1.2.3.4'], undefined],
    [['20240101.0.0', '1.0.0'], '20240101.0.0'],
    [[], undefined],
  ])('of %j is %s', (tags, tag) => {
    expect(highestVersion(tags)).toBe(tag);
    expect(highestVersion([...tags].reverse())).toBe(tag);
  });
});

describe('resolving the newest release', () => {
  let server: TestServer;
  let repository: TestRepository;
  let outbound: OutboundClient;

  beforeEach(async () => {
    server = await TestServer.start();
    repository = new TestRepository(server, 'acme/app');
    outbound = OutboundClient.create({
      hosts: [{ host: HOST, endpoint: server.url, allowPrivateAddress: true }],
      includeWellKnownHosts: false,
    });
  });

  afterEach(async () => {
    await outbound.close();
    await server.close();
  });

  const listed = (query: string, tags: unknown, link = '') =>
    server.on(`/v2/acme/app/tags/list${query}`, {
      headers: link ? { link } : {},
      body: JSON.stringify({ name: 'acme/app', tags }),
    });

  let time = Date.parse('2026-11-22T15:00:00Z');
  let slow = false;
  beforeEach(() => {
    slow = false;
  });

  const resolve = () => {
    const reference = parseReference(`${HOST}/acme/app:~newest`);
    if (!reference.ok) throw new Error(reference.problem);
    // Ten seconds for each look at the clock.
    const now = () => {
      time += slow ? 10_000 : 0;
      return new Date(time);
    };
    return resolveReference(reference.parsed, {
      ...{ outbound, fileRoots: [], now },
    });
  };

  it('reads all pages of tags, and says which it is', async () => {
    const { digest } = repository.manifest({ layers: [] }, '1.4.2');
    // The address of a next page is the registry's word; only its query is used.
    listed('?n=1000', ['1.4.1'], '<https://evil.example/x?last=a>; rel="next"');
    listed('?last=a', ['1.4.2', '1.4.0'], '</v2/acme/app/x?last=b>; rel=next');
    listed('?last=b', null);
    expect(await resolve()).toMatchObject({
      lookup: { source: `${HOST} artifact`, outcome: 'found' },
      artifact: { digest, tag: '1.4.2' },
    });
  });

  it('takes latest where no tag is a version', async () => {
    const { digest } = repository.manifest({ layers: [] }, 'latest');
    listed('?n=1000', ['main', 'latest']);
    expect((await resolve()).artifact).toMatchObject({ digest, tag: 'latest' });
  });

  it.each<[string, () => void, string, string]>([
    [
      'no tag is a release',
      () => listed('?n=1000', ['main']),
      'none',
      'of 1 tags, none is a version and none is called latest',
    ],
    [
      'the list does not end',
      () => listed('?n=1000', ['1.0.0'], '<?n=1000>; rel="next"'),
      'over-cap',
      'lists more tags than are read (200)',
    ],
    [
      'the list is too long',
      () => {
        const many = Array.from({ length: 50_001 }, (_, i) => `1.0.${i}`);
        listed('?n=1000', many, '<?last=x>; rel="next"');
      },
      'over-cap',
      'lists more tags than are read (50001)',
    ],
    [
      'the list takes too long',
      () => {
        slow = true;
        for (let page = 0; page < 9; page++) {
          const query = page === 0 ? '?n=1000' : `?page=${page}`;
          listed(query, ['1.0.0'], `<?page=${page + 1}>; rel="next"`);
        }
        listed('?page=9', ['1.0.0']);
      },
      'over-cap',
      'takes too long to list its tags',
    ],
    [
      'a page of the list is refused',
      () => {
        listed('?n=1000', ['1.0.0'], '<?last=x>; rel="next"');
        server.on('/v2/acme/app/tags/list?last=x', { status: 403 });
      },
      'refused',
      'status 403',
    ],
    [
      'the list is none',
      () => listed('?n=1000', [1]),
      'unreachable',
      'answered with a list of tags that cannot be read',
    ],
    [
      'a tag is none',
      () => listed('?n=1000', ['../../secret']),
      'unreachable',
      'answered with a list of tags that cannot be read',
    ],
  ])('guesses nothing when %s', async (_, prepare, outcome, cause) => {
    repository.manifest({ layers: [] }, '1.0.0');
    prepare();
    const result = await resolve();
    expect(result.artifact).toBeUndefined();
    expect(result.lookup).toMatchObject({
      outcome,
      cause: expect.stringContaining(cause),
    });
  });
});
