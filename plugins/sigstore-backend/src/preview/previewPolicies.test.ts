import { createMockDirectory } from '@backstage/backend-test-utils';
import { PolicyPreviewFile } from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { fillFleet } from '../../dev/fleet';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import {
  Clock,
  componentRecord,
  declare,
  replicaPorts,
} from '../__testUtils__/flow';
import {
  BelievingVerifier,
  Stated,
  StatingSource,
  policyText,
} from '../__testUtils__/statedEvidence';
import { FlowLoop } from '../flow/FlowLoop';
import { FlowPorts } from '../flow/ports';
import { previewPolicies } from './previewPolicies';

jest.setTimeout(60_000);

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = publicKey.export({ type: 'spki', format: 'pem' }) as string;
const KEY = `sha256:${createHash('sha256')
  .update(publicKey.export({ type: 'spki', format: 'der' }))
  .digest('hex')}`;

describe.each(databaseIds)('previewPolicies on %s', id => {
  const files = createMockDirectory();
  const names = ['good', 'other', 'keyed', 'unsigned', 'silent'];
  let knex: Knex;
  let clock: Clock;
  let source: StatingSource;
  let verifier: BelievingVerifier;
  let ports: FlowPorts;

  const plan = (name: string) => `file:${files.resolve(`${name}.json`)}`;
  const digestOf = (name: string) =>
    `sha256:${createHash('sha256').update(name).digest('hex')}`;

  beforeEach(async () => {
    knex = await openTestDatabase(id);
    clock = new Clock();
    source = new StatingSource();
    verifier = new BelievingVerifier();
    files.setContent(
      Object.fromEntries(names.map(name => [`${name}.json`, name])),
    );
    const signed: Record<string, Stated> = {
      good: { signer: 'release' },
      other: { signer: 'somebody' },
      keyed: { signer: KEY, publicKey: true },
    };
    Object.entries(signed).forEach(([name, stated]) =>
      source.of.set(digestOf(name), [stated]),
    );
  });

  const drain = async () => {
    const loop = new FlowLoop(ports, { concurrency: 1 });
    while (await loop.runOnce());
  };

  const start = async (text: string) => {
    files.addContent({ 'policies.yaml': text });
    ports = {
      ...(await replicaPorts({
        knex,
        clock,
        source,
        fileRoot: files.path,
        policyFiles: [files.resolve('policies.yaml')],
      })),
      verifier,
    };
    await declare(knex, clock, componentRecord('a', names.map(plan)));
    await drain();
  };

  const preview = async (text: string, visible?: ReadonlySet<string>) => {
    const { set } = (await ports.trust.inForce())!;
    const input: PolicyPreviewFile[] = [{ path: 'policies.yaml', text }];
    const { signal } = new AbortController();
    return previewPolicies(
      { knex, trust: set, now: clock.now(), signal },
      input,
      visible,
    );
  };

  const statuses = async () =>
    new Map<string, string>(
      (await knex('verdicts').whereNull('superseded_at')).map(row => [
        row.reference,
        `${row.status} ${row.mode}`,
      ]),
    );

  const exception =
    'exception: { until: 2027-01-31, owner: "group:a", reason: r }';

  it.each([
    { by: 'another signer', text: policyText('plans', { signer: 'somebody' }) },
    { by: 'another mode', text: policyText('plans', { more: 'mode: warn' }) },
    { by: 'no rule at all', text: '' },
    { by: 'an age', text: policyText('plans', { more: 'maxAge: 1m' }) },
    { by: 'an exception', text: policyText('plans', { more: exception }) },
    {
      by: 'one more policy',
      text: policyText('plans') + policyText('b', { signer: 'b' }),
    },
    {
      by: 'a key less',
      before: policyText('plans', { keys: [PEM] }),
      text: policyText('plans'),
    },
  ])('says what comes to pass by $by', async ({ text, before }) => {
    await start(before ?? policyText('plans'));
    clock.advance(120_000);
    const was = await statuses();
    const said = await preview(text);
    expect(await statuses()).toEqual(was);

    files.addContent({ 'policies.yaml': text });
    await ports.trust.reload();
    await drain();
    const is = await statuses();
    const changed = [...was]
      .filter(([reference, status]) => status !== is.get(reference))
      .map(([reference, status]) => [reference, status, is.get(reference)]);
    expect(changed.length).toBeGreaterThan(0);
    expect(
      said.changes
        .map(({ reference, from, to }) => [
          reference,
          `${from.status} ${from.mode ?? null}`,
          `${to.status} ${to.mode ?? null}`,
        ])
        .sort(),
    ).toEqual(changed.sort());
    expect(said).toMatchObject({ judged: 5, changed: changed.length });
  });

  it('orders by what is worst, counts transitions and says why', async () => {
    await start(policyText('plans'));
    const said = await preview(
      policyText('plans', { signer: 'somebody' }) +
        policyText('more', { signer: 'somebody', more: 'mode: warn' }),
    );
    expect(said.policies).toEqual(['more', 'plans']);
    expect(said.transitions).toEqual([
      {
        from: { status: 'expected-signer', mode: 'enforce' },
        to: { status: 'unexpected-signer', mode: 'enforce' },
        artifacts: 1,
      },
      {
        from: { status: 'unexpected-signer', mode: 'enforce' },
        to: { status: 'expected-signer', mode: 'enforce' },
        artifacts: 1,
      },
    ]);
    expect(said.changes[0]).toMatchObject({
      entityRef: 'component:default/a',
      reference: plan('good'),
      digest: digestOf('good'),
      to: {
        policies: ['more', 'plans'],
        findings: [{ code: 'signer-not-allowed' }, {}],
      },
    });
  });

  it('judges what the caller may see, and no more', async () => {
    await start(policyText('plans'));
    await declare(knex, clock, componentRecord('b', [plan('good')]));
    await drain();
    const text = policyText('plans', { signer: 'nobody' });
    expect(await preview(text)).toMatchObject({ judged: 6, changed: 2 });
    const visible = new Set(['component:default/b']);
    const said = await preview(text, visible);
    expect(said).toMatchObject({ judged: 1, changed: 1 });
    expect(said.changes.map(({ entityRef }) => entityRef)).toEqual([
      ...visible,
    ]);
  });

  it('names what would have to be verified under keys it brings along', async () => {
    await start(policyText('plans'));
    expect((await preview(policyText('plans'))).needsVerification).toEqual({
      artifacts: 0,
      items: [],
    });
    const said = await preview(policyText('plans', { keys: [PEM] }));
    expect(said.needsVerification).toMatchObject({
      artifacts: 1,
      items: [{ reference: plan('keyed') }],
    });
  });

  it('names file and line of everything that is wrong', async () => {
    await start(policyText('plans'));
    const broken = policyText('plans', { kind: 'no-such-kind' });
    const wrong = preview(`${broken}${policyText('b', { more: 'mod: warn' })}`);
    await expect(wrong).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(
        /policies\.yaml:6: [^]*policies\.yaml:19: /,
      ),
    });
  });

  it('lets others have their turn while it goes through thousands', async () => {
    await start(policyText('plans'));
    const { set } = (await ports.trust.inForce())!;
    await knex('entity_statuses').del();
    await fillFleet(knex, 500, set.record);
    let turns = 0;
    let isRunning = true;
    const take = () => {
      turns += 1;
      if (isRunning) setImmediate(take);
    };
    setImmediate(take);
    const said = await preview(policyText('images', { kind: 'image' }));
    isRunning = false;
    expect(said).toMatchObject({ judged: 1505 });
    // A page of a hundred at a time.
    expect(turns).toBeGreaterThan(15);
  });

  it('ends when nobody waits for it any more', async () => {
    await start(policyText('plans'));
    const { set } = (await ports.trust.inForce())!;
    const end = AbortSignal.abort(new Error('nobody waits'));
    await expect(
      previewPolicies(
        { knex, trust: set, now: clock.now(), signal: end },
        [{ path: 'a.yaml', text: '' }],
        undefined,
      ),
    ).rejects.toThrow('nobody waits');
  });
});
