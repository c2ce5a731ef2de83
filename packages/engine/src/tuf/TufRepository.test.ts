import { closedPort, endless } from '../__testUtils__/TestServer';
import { HostRule, OutboundClient } from '../outbound';
import { TestTuf, TufKey } from './__testUtils__/TestTuf';
import { expiriesOf } from './expiries';
import {
  PUBLIC_GOOD_MIRROR,
  TRUSTED_ROOT_TARGET,
  publicGoodTufRoot,
} from './publicGoodTuf';
import { TufRepository, TufSource, TufState } from './TufRepository';

const HOST = 'tuf.acme.example';

let tuf: TestTuf;
let source: TufSource;
const clients: OutboundClient[] = [];

beforeEach(async () => {
  tuf = await TestTuf.start();
  source = {
    mirror: `https://${HOST}`,
    target: 'trusted_root.json',
    root: tuf.root,
  };
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map(client => client.close()));
  await tuf.server.close();
});

function refresh(
  state?: TufState,
  options: { endpoint?: string; hosts?: HostRule[]; target?: string } = {},
) {
  const endpoint = options.endpoint ?? tuf.server.url;
  const rule = { host: HOST, endpoint, allowPrivateAddress: true };
  const hosts = options.hosts ?? [rule];
  const client = OutboundClient.create({ hosts, includeWellKnownHosts: false });
  clients.push(client);
  const { target = source.target } = options;
  return new TufRepository({ ...source, target }, client).refresh(state);
}

async function known(): Promise<TufState> {
  const { state, failure } = await refresh();
  expect(failure).toBeUndefined();
  return state;
}

/** The versions of metadata that are trusted. */
function versions({ metadata }: TufState) {
  return Object.fromEntries(
    expiriesOf(metadata).map(({ role, version }) => [role, version]),
  );
}

describe('TufRepository', () => {
  it('fetches the target of a repository it knows only the root of', async () => {
    tuf.publish('first');
    const state = await known();
    expect(state.target).toBe('first');
    expect(versions(state)).toEqual({
      root: 1,
      timestamp: 1,
      snapshot: 1,
      targets: 1,
    });
  });

  it('follows the repository, and fetches a target once', async () => {
    tuf.publish('first');
    const first = await known();
    tuf.publish('second');
    const second = await refresh(first);
    expect(second).toMatchObject({ state: { target: 'second' } });
    const asked = tuf.server.requests.length;
    expect(await refresh(second.state)).toEqual({ state: second.state });
    const again = tuf.server.requests.slice(asked).map(({ url }) => url);
    expect(again).toEqual(['/2.root.json', '/timestamp.json']);
  });

  it('follows new keys that the former root signed', async () => {
    tuf.publish('first');
    const first = await known();
    tuf.rotateKeys();
    tuf.publish('second');
    const { state, failure } = await refresh(first);
    expect(failure).toBeUndefined();
    expect(state.target).toBe('second');
    expect(versions(state)).toMatchObject({ root: 2, targets: 2 });
  });

  it('refuses new keys that only they themselves signed', async () => {
    tuf.publish('first');
    const first = await known();
    const other = await TestTuf.start();
    other.publishRoot();
    other.publish('forged');
    other.publish('forged again');
    tuf.serve(other.snapshot());
    await other.server.close();
    const { state, failure } = await refresh(first);
    expect(failure).toContain(`https://${HOST} could not be followed`);
    expect(state).toEqual(first);
  });

  it('refuses an older state of the repository', async () => {
    tuf.publish('first');
    const old = tuf.snapshot();
    tuf.publish('second');
    const second = await known();
    tuf.serve(old);
    const { state, failure } = await refresh(second);
    expect(failure).toContain('version 1 is less than current version 2');
    expect(state).toEqual(second);
    // Without what was kept, nothing tells it from the newest state.
    expect((await refresh()).state.target).toBe('first');
  });

  it('keeps newer metadata although the rest could not be read', async () => {
    tuf.publish('first');
    const old = tuf.snapshot();
    const first = await known();
    tuf.publish('second');
    tuf.server.on('/2.snapshot.json', { status: 404 });
    const half = await refresh(first);
    expect(half.failure).toContain('/2.snapshot.json');
    expect(versions(half.state)).toMatchObject({ timestamp: 2, snapshot: 1 });
    tuf.serve(old);
    const { state, failure } = await refresh(half.state);
    expect(failure).toContain('version 1 is less than current version 2');
    expect(state.target).toBe('first');
  });

  it('refuses a target other than the one that is signed', async () => {
    tuf.publish('first');
    const first = await known();
    tuf.publish('second', { served: 'secoNd' });
    const { state, failure } = await refresh(first);
    expect(failure).toMatch(/hash/);
    expect(state.target).toBe('first');
  });

  it.each(['root', 'timestamp'] as const)(
    'does not take a target over when its %s has expired',
    async role => {
      tuf.publish('first');
      const first = await known();
      const expires = '2020-01-01T00:00:00Z';
      if (role === 'root') tuf.publishRoot({ expires });
      tuf.publish('second', role === 'timestamp' ? { expires } : {});
      const { state, failure } = await refresh(first);
      expect(failure).toContain(`${role}.json is expired`);
      expect(state.target).toBe('first');
    },
  );

  it('keeps what it has when the repository does not answer', async () => {
    tuf.publish('first');
    const first = await known();
    const endpoint = `http://127.0.0.1:${await closedPort()}`;
    const { state, failure } = await refresh(first, { endpoint });
    expect(failure).toContain(HOST);
    expect(state).toEqual(first);
  });

  it('asks no host that is not allowed', async () => {
    tuf.publish('first');
    const { state, failure } = await refresh(undefined, { hosts: [] });
    expect(failure).toContain('not on the list of allowed hosts');
    expect(state.target).toBeUndefined();
    expect(tuf.server.requests).toEqual([]);
  });

  it('gives up on an answer that does not end', async () => {
    tuf.publish('first');
    const first = await known();
    const flood = endless();
    tuf.server.on('/timestamp.json', flood.answer);
    const { state, failure } = await refresh(first);
    await flood.closed;
    expect(failure).toContain('more than 16384 bytes');
    expect(state).toEqual(first);
  });

  it('says when the target is not there', async () => {
    tuf.publish('first');
    const target = 'other.json';
    const { state, failure } = await refresh(undefined, { target });
    expect(failure).toContain('it lists no target "other.json"');
    expect(state.target).toBeUndefined();
  });

  it('trusts no root that is signed by nobody it knows', async () => {
    tuf.publish('first');
    tuf.publishRoot({ signedBy: [new TufKey()] });
    const { state, failure } = await refresh();
    expect(failure).toContain('root');
    expect(state.target).toBeUndefined();
  });

  it('begins with the root of the public instance that comes along', async () => {
    const endpoint = tuf.server.url;
    const { host } = new URL(PUBLIC_GOOD_MIRROR);
    const client = OutboundClient.create({
      hosts: [{ host, endpoint, allowPrivateAddress: true }],
    });
    clients.push(client);
    tuf.serve(new Map());
    const { state, failure } = await new TufRepository(
      {
        mirror: PUBLIC_GOOD_MIRROR,
        target: TRUSTED_ROOT_TARGET,
        root: publicGoodTufRoot(),
      },
      client,
    ).refresh(undefined);
    const { version } = expiriesOf(state.metadata)[0];
    expect(tuf.server.requests.map(({ url }) => url)).toEqual([
      `/${version + 1}.root.json`,
      '/timestamp.json',
    ]);
    expect(failure).toContain(`${host} has nothing there`);
  });
});
