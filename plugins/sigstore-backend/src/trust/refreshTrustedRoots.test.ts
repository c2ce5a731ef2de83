import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import {
  OutboundClient,
  publicGoodTrustedRoot,
} from '@cloudythings/sigstore-engine';
import { Knex } from 'knex';
// What stands in for a TUF repository is no part of what the engine exports.
// eslint-disable-next-line @backstage/no-relative-monorepo-imports
import { TestTuf } from '../../../../packages/engine/src/tuf/__testUtils__/TestTuf';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import {
  readTrustedRoot,
  readTrustedRootContent,
  saveTrustedRoot,
} from '../store/trustedRoots';
import { TrustKeeper } from './TrustKeeper';
import { loadTrustSet } from './loadTrustSet';
import { refreshTrustedRoots } from './refreshTrustedRoots';
import { TrustedRootConfig } from './trustedRootConfig';

jest.setTimeout(60_000);

const MIRROR = 'https://tuf.acme.example';

const root = publicGoodTrustedRoot() as { tlogs: unknown[] };
const FIRST = JSON.stringify(root);
const SECOND = JSON.stringify({ ...root, tlogs: root.tlogs.slice(0, 1) });
const UNUSABLE = JSON.stringify({ ...root, certificateAuthorities: [] });

describe.each(databaseIds)('refreshTrustedRoots on %s', id => {
  const files = createMockDirectory();
  let tuf: TestTuf;
  let knex: Knex;
  let outbound: OutboundClient;
  let now: Date;

  beforeEach(async () => {
    tuf = await TestTuf.start();
    knex = await openTestDatabase(id);
    now = new Date('2026-11-20T12:00:00Z');
    files.setContent({ 'root.json': tuf.root });
    const endpoint = tuf.server.url;
    outbound = OutboundClient.create({
      hosts: [
        { host: 'tuf.acme.example', endpoint, allowPrivateAddress: true },
      ],
    });
  });

  afterEach(async () => {
    await outbound.close();
    await tuf.server.close();
  });

  const followed = (): TrustedRootConfig => ({
    name: 'acme',
    demo: false,
    tuf: {
      mirror: MIRROR,
      target: 'trusted_root.json',
      root: files.resolve('root.json'),
    },
  });

  const refresh = async (options?: { onlyMissing: boolean }) => {
    const logger = mockServices.logger.mock();
    const ports = { knex, outbound, logger, now: () => now };
    await refreshTrustedRoots([followed()], ports, options);
    return logger.warn.mock.calls.map(([words]) => words);
  };

  // As any replica does, whichever refreshed.
  const load = () =>
    loadTrustSet(
      { trustedRoots: [followed()], policyFiles: [] },
      key => readTrustedRootContent(knex, key),
      now,
    );

  const onlyRow = async () => {
    const rows = await knex('trusted_roots');
    expect(rows).toHaveLength(1);
    return rows[0];
  };

  it('stores what it fetches, for every replica, and follows it', async () => {
    tuf.publish(FIRST);
    expect(await refresh()).toEqual([]);
    const logger = mockServices.logger.mock();
    const ports = { knex, load, replica: 'test', logger, now: () => now };
    const keeper = await TrustKeeper.create(ports);
    const { set } = (await keeper.inForce())!;
    expect(set.record.trustedRoots).toMatchObject([
      { name: 'acme', from: `TUF ${MIRROR}` },
    ]);

    tuf.publish(SECOND);
    now = new Date('2026-11-20T13:00:00Z');
    expect(await refresh()).toEqual([]);
    await keeper.reload();
    expect(await keeper.inForce()).toMatchObject({ generation: 2 });
    const [, second] = await knex('trust_generations').orderBy('generation');
    expect(JSON.parse(second.changes)).toMatchObject({
      trustedRoots: { changed: ['acme'], added: [], removed: [] },
    });
    const row = await onlyRow();
    expect(row.error).toBeNull();
    expect(new Date(row.refreshed_at)).toEqual(now);
    expect(new Date(row.expires_at).getUTCFullYear()).toBe(2126);
  });

  it('keeps the one it has when the repository does not answer, and says so once', async () => {
    tuf.publish(FIRST);
    await refresh();
    const { record } = await load();
    const good = tuf.snapshot();
    tuf.serve(new Map());
    const [warning, ...others] = await refresh();
    expect(warning).toContain(`${MIRROR} could not be followed`);
    expect(warning).toContain('The trusted root known so far is kept');
    expect(others).toEqual([]);
    expect(await refresh()).toEqual([]);
    expect((await load()).record).toEqual(record);
    expect((await onlyRow()).error).toContain('could not be followed');

    tuf.serve(good);
    await refresh();
    expect((await onlyRow()).error).toBeNull();
  });

  it('keeps the one it has when the published one cannot be used', async () => {
    tuf.publish(FIRST);
    await refresh();
    const { record } = await load();
    tuf.publish(UNUSABLE);
    const [warning] = await refresh();
    expect(warning).toContain('it names no certificate authority');
    expect((await load()).record).toEqual(record);
    tuf.publish(SECOND);
    expect(await refresh()).toEqual([]);
    expect((await load()).record.digest).not.toEqual(record.digest);
  });

  it('does not go back to an older state that it is given', async () => {
    tuf.publish(FIRST);
    const old = tuf.snapshot();
    tuf.publish(SECOND);
    await refresh();
    const { record } = await load();
    tuf.serve(old);
    const [warning] = await refresh();
    expect(warning).toContain('is less than current version');
    expect((await load()).record).toEqual(record);
  });

  it('writes nothing over what somebody wrote meanwhile', async () => {
    tuf.publish(FIRST);
    await refresh();
    const row = await onlyRow();
    const before = await readTrustedRoot(knex, row.id);
    tuf.publish(SECOND);
    await refresh();
    const key = { id: row.id, mirror: row.mirror, target: row.target };
    const stale = { state: before!.state };
    expect(await saveTrustedRoot(knex, key, before, stale, now)).toBe(false);
    expect(await saveTrustedRoot(knex, key, undefined, stale, now)).toBe(false);
    expect((await onlyRow()).content).toBe(SECOND);
  });

  it('warns before the root expires, and uses it still when it did', async () => {
    tuf.publishRoot({ expires: '2099-01-10T00:00:00Z' });
    tuf.publish(FIRST);
    now = new Date('2099-01-02T00:00:00Z');
    expect(await refresh()).toEqual([]);
    now = new Date('2099-01-04T00:00:00Z');
    expect(await refresh()).toEqual([
      expect.stringMatching(/root metadata .* expires at 2099-01-10/),
    ]);
    now = new Date('2099-01-11T00:00:00Z');
    expect(await refresh()).toEqual([
      expect.stringMatching(/root metadata .* expired at 2099-01-10/),
    ]);
    expect((await load()).profiles).toHaveLength(1);
  });

  it('fetches at start only what there is nothing of, and says what is missing', async () => {
    await expect(load()).rejects.toThrow(`${MIRROR} was not asked`);
    await refresh({ onlyMissing: true });
    await expect(load()).rejects.toThrow(
      /"acme" could not be fetched yet.*has nothing there.*give its trusted_root.json as file/,
    );
    tuf.publish(FIRST);
    await refresh({ onlyMissing: true });
    expect((await load()).profiles).toHaveLength(1);
    const asked = tuf.server.requests.length;
    await refresh({ onlyMissing: true });
    expect(tuf.server.requests).toHaveLength(asked);
  });

  it('begins anew with another first root', async () => {
    tuf.publish(FIRST);
    await refresh();
    tuf.publishRoot();
    files.setContent({ 'root.json': tuf.root });
    await expect(load()).rejects.toThrow('was not asked');
  });

  it('refuses a first root that is none', async () => {
    files.setContent({ 'root.json': FIRST });
    await expect(load()).rejects.toThrow(
      /root.json of "acme" is no root metadata; name the root.json/,
    );
  });

  it('uses the public one that comes along until it was fetched', async () => {
    const trustedRoots: TrustedRootConfig[] = [
      {
        name: 'public-good',
        demo: false,
        tuf: {
          mirror: 'https://tuf-repo-cdn.sigstore.dev',
          target: 'trusted_root.json',
        },
      },
    ];
    const { record } = await loadTrustSet(
      { trustedRoots, policyFiles: [] },
      key => readTrustedRootContent(knex, key),
      now,
    );
    expect(record.trustedRoots).toMatchObject([
      { from: 'seed of TUF https://tuf-repo-cdn.sigstore.dev' },
    ]);
  });
});
