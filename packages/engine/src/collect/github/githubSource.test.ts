import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { TestClock } from '../../__testUtils__/TestClock';
import { OutboundClient } from '../../outbound';
import { SourcePorts } from '../../resolve';
import { verifyEvidence } from '../../verify/verifyEvidence';
import {
  SignedCase,
  casesPresent,
  readCase,
  readCaseFile,
  signedCases,
} from '../../verify/__testUtils__/signedCases';
import { CAPS } from '../caps';
import { CollectTarget, EvidenceSource } from '../evidence';
import { GithubInstance } from './GithubInstance';
import { githubSource } from './githubSource';
import { GithubServer } from './__testUtils__/GithubServer';

const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const OWN = { host: 'github.acme.example', owner: 'acme', name: 'app' };
const bundle = (content: string) => ({ mediaType: MEDIA_TYPE, content });

let server: GithubServer;
let ports: SourcePorts;
let time: number;

beforeEach(async () => {
  time = Date.parse('2026-11-22T12:00:00Z');
  server = await GithubServer.start();
  server.repositories = [
    {
      id: 1,
      owner: 'acme',
      name: 'app',
      isPrivate: true,
      attestations: { [DIGEST]: [bundle('own')] },
    },
    {
      id: 2,
      owner: 'acme',
      name: 'shared',
      attestations: { [DIGEST]: [bundle('public')] },
    },
    {
      id: 3,
      owner: 'acme',
      name: 'secret',
      isPrivate: true,
      attestations: { [DIGEST]: [bundle('of others')], [OTHER]: [bundle('x')] },
    },
    { id: 4, owner: 'jane', name: 'toy', attestations: {} },
  ];
  server.users = ['jane'];
  const rule = { endpoint: server.url, allowPrivateAddress: true };
  ports = {
    outbound: OutboundClient.create({
      hosts: [
        { host: 'api.acme.example', ...rule },
        { host: 'bundles.acme.example', ...rule },
        { host: 'internal.acme.example', ...rule },
      ],
      includeWellKnownHosts: false,
    }),
    fileRoots: [],
    now: () => new Date(time),
  };
});

afterEach(async () => {
  await ports.outbound.close();
  await server.close();
});

function source(changes: Partial<GithubInstance> = {}): EvidenceSource {
  return githubSource({
    host: 'github.acme.example',
    apiUrl: 'https://api.acme.example/',
    registryHosts: ['containers.acme.example'],
    bundleHosts: ['bundles.acme.example'],
    withoutCredentials: false,
    authorization: async () => server.authorization,
    ...changes,
  });
}

function target(changes: Partial<CollectTarget> = {}, digest = DIGEST) {
  const parsed = parseReference('registry.acme.example/app:1');
  if (!parsed.ok) throw new Error(parsed.problem);
  return {
    reference: parsed.parsed,
    artifact: { digest, mediaType: '', size: 1, children: [] },
    known: new Set<string>(),
    ...changes,
  };
}

const image = (owner = 'acme'): Partial<CollectTarget> => {
  const parsed = parseReference(`containers.acme.example/${owner}/app:1`);
  return parsed.ok ? { reference: parsed.parsed } : {};
};

async function contents(
  given: EvidenceSource,
  changes: Partial<CollectTarget>,
  digest?: string,
) {
  const result = await given.collect(target(changes, digest), ports);
  return {
    found: result.evidence.map(
      ({ bytes }) => JSON.parse(bytes.toString()).content,
    ),
    lookups: result.lookups.map(({ source: name, outcome, cause }) =>
      [name, outcome, ...(cause ? [cause] : [])].join(': '),
    ),
  };
}

describe('what may be shown with a reference', () => {
  it('is what its own repository has, and nothing of others', async () => {
    expect(await contents(source(), { repository: OWN })).toEqual({
      found: ['own'],
      lookups: ['github.acme.example/acme/app attestations: found'],
    });
    const { authorization } = server.requests[0];
    expect(authorization).toBe('Bearer of-the-integration');
  });

  it('is what is public at the owner of an image, though the integration sees more', async () => {
    expect(await contents(source(), image())).toEqual({
      found: ['public'],
      lookups: ['github.acme.example/acme attestations: found'],
    });
    // That there is something which may not be shown is not shown either.
    expect(await contents(source(), image(), OTHER)).toEqual({
      found: [],
      lookups: ['github.acme.example/acme attestations: none'],
    });
  });

  it('is both where an entity’s image lies at GitHub', async () => {
    const asked = { ...image(), repository: OWN };
    const { found } = await contents(source(), asked);
    expect(found.sort()).toEqual(['own', 'public']);
  });

  it('is not what was public until a while ago', async () => {
    const github = source();
    await contents(github, image());
    server.repositories[1].isPrivate = true;
    time += 10 * 60 * 1000;
    expect((await contents(github, image())).found).toEqual([]);
  });

  it.each([
    ['a reference of nobody', {}],
    ['a repository elsewhere', { repository: { ...OWN, host: 'github.com' } }],
    ['a repository that is a path', { repository: { ...OWN, name: '..' } }],
  ])('is nothing for %s', async (_, changes) => {
    const { lookups } = await contents(source(), changes);
    expect(lookups).toEqual([]);
    expect(server.requests).toEqual([]);
  });
});

describe('an index that lists the artifact', () => {
  it('is asked about as well, since what is signed of it is signed of the artifact', async () => {
    const INDEX = `sha256:${'c'.repeat(64)}`;
    server.repositories[0].attestations = { [INDEX]: [bundle('of the index')] };
    const given = target({ repository: OWN });
    const artifact = { ...given.artifact, parents: [INDEX] };
    const result = await source().collect({ ...given, artifact }, ports);
    expect(result.evidence).toMatchObject([{ artifactDigest: INDEX }]);
    expect(result.lookups).toMatchObject([
      { source: 'github.acme.example/acme/app attestations', outcome: 'none' },
      {
        source: 'github.acme.example/acme/app attestations of the index',
        outcome: 'found',
      },
    ]);
  });
});

describe('what one may not ask', () => {
  it('without credentials nothing is asked, which is said', async () => {
    const without = source({ authorization: async () => undefined });
    const asked = { ...image(), repository: OWN };
    const words =
      'refused: github.acme.example gave the integration of Backstage no credentials for acme';
    expect((await contents(without, asked)).lookups).toEqual([
      `github.acme.example/acme/app attestations: ${words}`,
      `github.acme.example/acme attestations: ${words}`,
    ]);
    const foreign = { ...OWN, owner: 'another' };
    expect(
      (await contents(without, { ...image(), repository: foreign })).lookups,
    ).toEqual([
      `github.acme.example/another/app attestations: ${words.replace(
        /acme$/,
        'another',
      )}`,
    ]);
    expect(server.requests).toEqual([]);
  });

  it('or what is public, where that is wished for', async () => {
    const without = source({
      authorization: async () => undefined,
      withoutCredentials: true,
    });
    const asked = { ...image(), repository: OWN };
    expect(await contents(without, asked)).toEqual({
      found: ['public'],
      lookups: [
        'github.acme.example/acme/app attestations: refused: github.acme.example does not show acme/app to the integration of Backstage',
        'github.acme.example/acme attestations: found',
      ],
    });
  });

  it('credentials that cannot be had are said, and nothing of why', async () => {
    const failing = source({
      authorization: async () => {
        throw new Error('private key: -----BEGIN');
      },
    });
    const { lookups } = await contents(failing, { repository: OWN });
    expect(lookups).toEqual([
      'github.acme.example/acme/app attestations: refused: github.acme.example gave the integration of Backstage no credentials for acme',
    ]);
  });

  it('a rate limit that is used up is told with the time it lasts', async () => {
    const clock = new TestClock();
    const outbound = OutboundClient.create({
      hosts: [
        {
          host: 'api.acme.example',
          endpoint: server.url,
          allowPrivateAddress: true,
        },
      ],
      includeWellKnownHosts: false,
      clock,
    });
    const at = '2026-11-22T15:20:00.000Z';
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': `${Date.parse(at) / 1000}`,
    };
    server.refuse = () => ({ status: 403, headers });
    const github = source();
    for (const digest of [DIGEST, OTHER]) {
      const { lookups } = await github.collect(
        target({ repository: OWN }, digest),
        { ...ports, outbound },
      );
      expect(lookups).toMatchObject([{ outcome: 'refused', nextDueAt: at }]);
    }
    // Who is told to wait does not ask again before.
    expect(server.requests).toHaveLength(1);
    await outbound.close();
  });

  it('a permission that the integration lacks is told from there being none', async () => {
    server.refuse = path =>
      path.includes('/attestations/') ? { status: 403 } : undefined;
    const { lookups } = await contents(source(), { repository: OWN });
    expect(lookups[0]).toContain('refused the request (status 403)');
  });
});

describe('there is none', () => {
  it.each([404, 422])('after status %s', async status => {
    server.refuse = path =>
      path.includes('/attestations/') ? { status } : undefined;
    const { lookups } = await contents(source(), { repository: OWN });
    expect(lookups).toEqual([
      'github.acme.example/acme/app attestations: none',
    ]);
  });

  it('of an owner that is a person, who is asked as one', async () => {
    const { lookups } = await contents(source(), image('jane'));
    expect(lookups).toEqual(['github.acme.example/jane attestations: none']);
    expect(server.asked[0]).toContain('GET /users/jane/attestations/');
  });

  it('of an owner that GitHub does not know', async () => {
    const { lookups } = await contents(source(), image('nobody'));
    expect(lookups).toEqual(['github.acme.example/nobody attestations: none']);
  });
});

describe('pages', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => bundle(`${index}`));

  it('are read by their cursors, at no address that the answer names', async () => {
    server.pageSize = 2;
    server.repositories[0].attestations[DIGEST] = many(5);
    const { found } = await contents(source(), { repository: OWN });
    expect(found).toHaveLength(5);
    const path = `GET /repos/acme/app/attestations/${DIGEST}?per_page=30`;
    expect(server.asked).toEqual([path, `${path}&after=2`, `${path}&after=4`]);
  });

  it('are not read for ever', async () => {
    server.pageSize = 1;
    server.repositories[0].attestations[DIGEST] = many(CAPS.pages + 1);
    const { lookups } = await contents(source(), { repository: OWN });
    expect(lookups[0]).toContain('over-cap');
    expect(server.asked).toHaveLength(CAPS.pages);
  });
});

describe('an answer that says less than it should', () => {
  const path = `/repos/acme/app/attestations/${DIGEST}`;
  const listed = { attestations: [] };
  const answer = (json: object, link?: string) => ({
    status: 200,
    json,
    headers: link ? { link: `<https://x.example/?${link}>; rel="next"` } : {},
  });

  it.each<[string, string, object[]]>([
    ['without a list', 'unreachable', [answer({ message: 'moved' })]],
    ['with no list', 'unreachable', [answer({ attestations: null })]],
    ['that goes on nobody knows where', 'over-cap', [answer(listed, 'page=2')]],
    [
      'that goes on at a page that is missing',
      'unreachable',
      [answer(listed, 'after=x'), { status: 404 }],
    ],
    [
      'that goes on at a page that is refused',
      'unreachable',
      [answer(listed, 'after=x'), { status: 422 }],
    ],
  ])('%s is not that there is none: %s', async (_, outcome, answers) => {
    server.refuse = asked =>
      asked === path ? (answers.shift() as never) : undefined;
    const { lookups } = await contents(source(), { repository: OWN });
    expect(lookups[0]).toContain(`attestations: ${outcome}`);
  });

  it('ends where all pages together are too long', async () => {
    const padding = ' '.repeat(9_000_000);
    server.refuse = asked =>
      asked === path ? answer({ ...listed, padding }, 'after=x') : undefined;
    const { lookups } = await contents(source(), { repository: OWN });
    expect(lookups[0]).toContain('over-cap');
    expect(server.asked).toHaveLength(4);
  });
});

describe('many artifacts of one organization', () => {
  const digests = ['1', '2', '3', '4'].map(one => `sha256:${one.repeat(64)}`);

  beforeEach(() => {
    digests.forEach((digest, index) => {
      server.repositories[0].attestations[digest] = [bundle(`own ${index}`)];
      server.repositories[2].attestations[digest] = [bundle('of others')];
    });
  });

  async function askAll(github = source()) {
    server.hold();
    const asking = digests.map(digest =>
      contents(github, { repository: OWN }, digest),
    );
    // The first question is on its way; the others wait for it.
    while (server.requests.length === 0) await new Promise(setImmediate);
    server.release();
    return Promise.all(asking);
  }

  const expected = digests.map((_, index) => ({
    found: [`own ${index}`],
    lookups: ['github.acme.example/acme/app attestations: found'],
  }));

  it('take one question more, not one each', async () => {
    // What decides who may see them is known; then only questions are held.
    const github = source();
    await contents(github, { repository: OWN });
    server.requests.splice(0);
    expect(await askAll(github)).toEqual(expected);
    expect(server.asked.map(line => line.split(' ')[0])).toEqual([
      'GET',
      'POST',
    ]);
    const { body } = server.requests.at(-1)!;
    expect(JSON.parse(body)).toEqual({ subject_digests: digests.slice(1) });
  });

  it('are asked for one by one where there is no such question', async () => {
    server.hasBulk = false;
    const github = source();
    expect(await askAll(github)).toEqual(expected);
    const tried = server.asked.filter(line => line.startsWith('POST'));
    expect(await askAll(github)).toEqual(expected);
    const again = server.asked.filter(line => line.startsWith('POST'));
    expect([tried.length, again.length]).toEqual([1, 1]);
  });

  it('are not hidden by the one that has too many', async () => {
    server.pageSize = 1;
    const [flooded] = digests.slice(1);
    server.repositories[0].attestations[flooded] = Array.from(
      { length: CAPS.pages + 1 },
      (_, index) => bundle(`flood ${index}`),
    );
    const github = source();
    await contents(github, { repository: OWN });
    const [first, { lookups }, ...others] = await askAll(github);
    expect([first, ...others]).toEqual([expected[0], ...expected.slice(2)]);
    expect(lookups[0]).toContain('over-cap');
  });

  it('are not hidden by what other repositories of the owner have', async () => {
    const others = Array.from({ length: CAPS.examined + 1 }, (_, index) =>
      bundle(`flood ${index}`),
    );
    server.repositories.unshift({
      id: 9,
      owner: 'acme',
      name: 'flood',
      isPrivate: true,
      attestations: { [digests[1]]: others, [digests[2]]: others.slice(2) },
    });
    const github = source();
    await contents(github, { repository: OWN });
    expect(await askAll(github)).toEqual(expected);
  });

  it.each<[string, (json: Record<string, any>) => void]>([
    [
      'pass over one',
      json => delete json.attestations_subject_digests[digests[2]],
    ],
    [
      'go on nobody knows where',
      json => {
        json.attestations_subject_digests = {};
        json.page_info = { has_next: true };
      },
    ],
    [
      'do not say whether they go on',
      json => {
        json.attestations_subject_digests[digests[2]] = null;
        delete json.page_info;
      },
    ],
  ])('are asked for one by one where answers %s', async (_, change) => {
    const github = source();
    await contents(github, { repository: OWN });
    server.change = (path, json) => {
      if (path.endsWith('/bulk-list')) change(json as {});
    };
    expect(await askAll(github)).toEqual(expected);
  });

  it('are not held up by one whose time is over', async () => {
    const github = source();
    await contents(github, { repository: OWN });
    server.requests.splice(0);
    server.hold();
    const stop = new AbortController();
    const [first, ...others] = digests.map((digest, index) =>
      github.collect(target({ repository: OWN }, digest), {
        ...ports,
        ...(index === 0 ? { signal: stop.signal } : {}),
      }),
    );
    while (server.requests.length === 0) await new Promise(setImmediate);
    stop.abort();
    expect((await first).lookups).toMatchObject([
      {
        source: 'github.acme.example/acme/app attestations',
        outcome: 'unreachable',
        cause: 'api.acme.example did not answer in the time it has',
      },
    ]);
    server.release();
    const rest = await Promise.all(others);
    expect(rest.map(({ lookups: [{ outcome }] }) => outcome)).toEqual([
      'found',
      'found',
      'found',
    ]);
  });

  it('share the fate of their question, with its cause', async () => {
    server.refuse = path =>
      path.includes('/attestations/')
        ? { status: 403, headers: { 'retry-after': '60' } }
        : undefined;
    const github = source();
    const results = await Promise.all(
      digests.map(digest =>
        contents(github, { repository: OWN }, digest).then(
          ({ lookups }) => lookups[0],
        ),
      ),
    );
    results.forEach(line => expect(line).toContain('refused'));
  });
});

describe('bundles', () => {
  it.each(['inline', 'by address', 'both'] as const)(
    'that are given %s are read, without credentials where they lie',
    async bundles => {
      server.bundles = bundles;
      const { found } = await contents(source(), { repository: OWN });
      expect(found).toEqual(['own']);
      const fetched = server.requests.filter(({ path }) =>
        path.startsWith('/bundles/'),
      );
      expect(fetched).toHaveLength(bundles === 'inline' ? 0 : 1);
      expect(fetched.flatMap(one => one.authorization ?? [])).toEqual([]);
    },
  );

  it('are not asked for at a host that is none of GitHub’s, be it allowed', async () => {
    server.bundles = 'by address';
    server.bundleHost = 'internal.acme.example';
    const { found, lookups } = await contents(source(), { repository: OWN });
    expect(found).toEqual([]);
    expect(lookups[0]).toContain('refused');
    expect(lookups[0]).not.toContain('secret');
    const paths = server.requests.map(({ path }) => path);
    expect(paths.filter(path => path.startsWith('/bundles/'))).toEqual([]);
  });

  it('are taken out of the answer where their address does not serve', async () => {
    server.bundles = 'both';
    server.bundleHost = 'internal.acme.example';
    const { found } = await contents(source(), { repository: OWN });
    expect(found).toEqual(['own']);
  });

  it('that say they are larger than is read are not decoded', async () => {
    server.bundles = 'by address';
    server.refuse = path =>
      path.startsWith('/bundles/')
        ? { status: 200, raw: Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]) }
        : undefined;
    const { lookups } = await contents(source(), { repository: OWN });
    expect(lookups[0]).toContain('over-cap');
  });

  it('without a repository are not shown, and said', async () => {
    server.refuse = path =>
      path.includes('/attestations/')
        ? { status: 200, json: { attestations: [{ bundle: bundle('?') }] } }
        : undefined;
    const { found, lookups } = await contents(source(), { repository: OWN });
    expect(found).toEqual([]);
    expect(lookups[0]).toContain('without its repository');
  });
});

const describeCases = casesPresent ? describe : describe.skip;

describeCases('real attestations (../shared)', () => {
  const withEnvelope = signedCases().filter(
    ({ id, expect: outcome, key }) =>
      outcome === 'verify' && !key && id.startsWith('public-good'),
  );
  const bundleOf = ({ bundle: path }: SignedCase) =>
    JSON.parse(readCaseFile(path).toString('utf8'));

  it.each(['inline', 'by address'] as const)(
    'hold when they are given %s',
    async bundles => {
      server.bundles = bundles;
      const signedCase = withEnvelope.find(one => bundleOf(one).dsseEnvelope)!;
      const { digest, profile, otherDigests } = readCase(signedCase);
      server.repositories[0].attestations = {
        [digest]: [bundleOf(signedCase)],
      };
      const { evidence } = await source().collect(
        target({ repository: OWN }, digest),
        ports,
      );
      expect(evidence).toHaveLength(1);
      const verified = verifyEvidence(evidence[0], digest, profile, {
        otherDigests,
      });
      expect(verified.findings).toEqual([]);
      expect(verified.facts?.signer.identity).toBe(signedCase.identity);
    },
  );
});
