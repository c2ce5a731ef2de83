import { createHash, generateKeyPairSync } from 'node:crypto';
import { OutboundClient } from '../outbound';
import { RekorClient } from './RekorClient';
import { leafHash } from './rekorEntry';
import { RekorServer, ServedEntry } from './__testUtils__/RekorServer';

const LOG = 'https://rekor.acme.example';
const SEARCH = '/api/v1/index/retrieve';
const RETRIEVE = '/api/v1/log/entries/retrieve';

let server: RekorServer;
let outbound: OutboundClient;
let client: RekorClient;

beforeAll(async () => {
  server = await RekorServer.start();
});

beforeEach(() => {
  server.clear();
  server.unasked = [];
  server.searches = true;
  server.knowsSubjects = true;
  outbound = OutboundClient.create({
    hosts: [
      {
        host: 'rekor.acme.example',
        endpoint: server.url,
        allowPrivateAddress: true,
      },
    ],
    includeWellKnownHosts: false,
  });
  client = new RekorClient({ url: `${LOG}/`, outbound });
});

afterEach(() => outbound.close());
afterAll(() => server.close());

function someEntry(content: string, keys: string[] = []): ServedEntry {
  const body = Buffer.from(content).toString('base64');
  return {
    uuid: leafHash(body),
    entry: {
      body,
      integratedTime: 1,
      logID: '0'.repeat(64),
      logIndex: 1,
    },
    keys,
  };
}

async function retrieveAll(uuids: string[]) {
  const entries = [];
  const missing = [];
  const failures = [];
  for await (const part of client.retrieve(uuids)) {
    entries.push(...part.entries);
    missing.push(...part.missing);
    if (part.failure) failures.push(part.failure);
  }
  return { entries, missing, failures };
}

describe('searching', () => {
  it.each([
    ['searchByDigest', `sha256:${'a'.repeat(64)}`],
    ['searchByEmail', 'jane@acme.example'],
    ['searchBySubject', 'https://github.com/acme/app/.github/w.yml@refs/x'],
  ] as const)('%s gives the entries that are listed', async (method, asked) => {
    const entry = someEntry('one', [asked]);
    server.add(entry, someEntry('two', ['something else']));
    await expect(client[method](asked)).resolves.toEqual([entry.uuid]);
    await expect(client[method](asked.replace('a', 'b'))).resolves.toEqual([]);
  });

  it('by key finds what is listed under the key, and what is listed under its hash', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const hash = createHash('sha256').update(pem).digest('hex');
    const entries = [
      someEntry('hashedrekord', [hash]),
      someEntry('dsse', [`sha256:${hash}`]),
    ];
    server.add(...entries);
    const spaced = `\n${pem.replace(/\n$/, '\r\n\n')}`;
    const found = await client.searchByKey(spaced);
    expect(found.sort()).toEqual(entries.map(({ uuid }) => uuid).sort());
    expect(server.asked(SEARCH)).toHaveLength(1);
  });

  it.each([
    ['switched off', 501],
    ['taken out', 404],
  ])('that is %s is told from a miss', async (_, status) => {
    server.searches = false;
    const at = status === 404 ? `${LOG}/elsewhere` : LOG;
    const other = new RekorClient({ url: at, outbound });
    await expect(other.searchByDigest('sha256:0')).rejects.toMatchObject({
      failure: 'unsupported',
      message: 'rekor.acme.example offers no search',
    });
  });

  it('by subject is told from a miss where the log does not know subjects', async () => {
    server.knowsSubjects = false;
    const asking = client.searchBySubject('https://github.com/acme');
    await expect(asking).rejects.toMatchObject({ failure: 'unsupported' });
    server.knowsSubjects = true;
    await client.searchBySubject('https://github.com/acme');
    await client.searchBySubject('https://github.com/acme');
    // Whether it knows them is asked until it does, then no more.
    expect(server.asked(SEARCH)).toHaveLength(1 + 2 + 1);
  });

  it.each(['', 'x'.repeat(513)])(
    'by a subject that no log can have listed is not asked for',
    async subject => {
      const asking = client.searchBySubject(subject);
      await expect(asking).rejects.toMatchObject({ failure: 'unsupported' });
      expect(server.requests).toEqual([]);
    },
  );
});

describe('retrieving', () => {
  it('asks for ten at a time and tells what is missing', async () => {
    const there = Array.from({ length: 23 }, (_, i) => someEntry(`entry ${i}`));
    const gone = someEntry('not there').uuid;
    server.add(...there);
    const uuids = there.map(({ uuid }) => uuid);
    const { entries, missing } = await retrieveAll([...uuids, gone]);
    expect(entries.map(({ uuid }) => uuid).sort()).toEqual([...uuids].sort());
    expect(missing).toEqual([gone]);
    expect(
      server.asked(RETRIEVE).map(({ entryUUIDs }) => entryUUIDs.length),
    ).toEqual([10, 10, 4]);
  });

  it('does not take another entry for the one that was asked for', async () => {
    const asked = someEntry('asked');
    server.add({ ...someEntry('another'), uuid: asked.uuid });
    const { entries, missing } = await retrieveAll([asked.uuid]);
    expect({ entries, missing }).toEqual({
      entries: [],
      missing: [asked.uuid],
    });
  });

  it('leaves out what it did not ask for', async () => {
    const [asked, unasked] = [someEntry('asked'), someEntry('unasked')];
    server.add(asked);
    server.unasked = [unasked];
    const { entries } = await retrieveAll([asked.uuid]);
    expect(entries.map(({ uuid }) => uuid)).toEqual([asked.uuid]);
  });

  it('reads the others when one cannot be read', async () => {
    const [good, odd] = [someEntry('good'), someEntry('odd')];
    server.add(good, { ...odd, entry: { body: odd.entry.body } });
    const { entries, missing } = await retrieveAll([good.uuid, odd.uuid]);
    expect(entries.map(({ uuid }) => uuid)).toEqual([good.uuid]);
    expect(missing).toEqual([odd.uuid]);
  });

  it('reads the others when one is too large', async () => {
    const large = someEntry('x'.repeat(8 * 1024 * 1024));
    const small = [someEntry('one'), someEntry('two')];
    server.add(small[0], large, small[1]);
    const { entries, failures } = await retrieveAll([
      small[0].uuid,
      large.uuid,
      small[1].uuid,
    ]);
    expect(entries.map(({ uuid }) => uuid)).toEqual(small.map(s => s.uuid));
    expect(failures).toEqual([
      expect.objectContaining({ failure: 'over-cap' }),
    ]);
  });
});
