import { Entity } from '@backstage/catalog-model';
import { mockServices } from '@backstage/backend-test-utils';
import { processingResult } from '@backstage/plugin-catalog-node';
import { EntityStatus } from '@cloudythings/backstage-plugin-sigstore-common';
import fc from 'fast-check';
import { SigstoreProcessor } from './SigstoreProcessor';
import { StatusSnapshot } from './StatusSnapshot';
import { ProcessorMemory } from './__testUtils__/processing';
import { StatusRows } from './__testUtils__/StatusRows';

const KEY = 'sigstore.dev/signature-status';
const REF = 'component:default/checkout';

const checkout: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'checkout', annotations: { [KEY]: 'expected-signer' } },
};

const annotation = ({ entity }: { entity: Entity }) =>
  entity.metadata.annotations?.[KEY];

/** A world with one sigstore backend, one clock, and replicas of the catalog. */
function setUp() {
  const rows = new StatusRows();
  let time = Date.parse('2026-11-20T12:00:00Z');
  const now = () => {
    time += 1000;
    return new Date(time);
  };
  const replica = () => {
    const snapshot = StatusSnapshot.create({
      sigstore: { getStatusChanges: async query => rows.read(query) },
      auth: mockServices.auth(),
      now,
    });
    return { snapshot, processor: new SigstoreProcessor(snapshot) };
  };
  return { rows, replica, memory: new ProcessorMemory() };
}

describe('SigstoreProcessor', () => {
  it('writes the status over a hand-written one and gives its refresh key', async () => {
    const { rows, replica, memory } = setUp();
    const { snapshot, processor } = replica();
    rows.set(REF, 'no-signature');
    await snapshot.update();

    const result = await memory.run(processor, checkout);
    expect(annotation(result)).toBe('no-signature');
    expect(result.emitted).toEqual([
      processingResult.refresh(`sigstore:${REF}`),
    ]);
  });

  it('removes a hand-written status where there is none', async () => {
    const { replica, memory } = setUp();
    const { snapshot, processor } = replica();
    expect(annotation(await memory.run(processor, checkout))).toBeUndefined();
    await snapshot.update();
    expect(annotation(await memory.run(processor, checkout))).toBeUndefined();
  });

  it('says of an entity that declares nothing that it is not covered', async () => {
    const { rows, replica, memory } = setUp();
    const { snapshot, processor } = replica();
    rows.set(REF, 'not-covered');
    await snapshot.update();
    expect(annotation(await memory.run(processor, checkout))).toBe(
      'not-covered',
    );
  });

  it('keeps what it wrote over a restart, until it knows better', async () => {
    const { rows, replica, memory } = setUp();
    const before = replica();
    rows.set(REF, 'evidence-mismatch');
    await before.snapshot.update();
    await memory.run(before.processor, checkout);

    const after = replica();
    expect(annotation(await memory.run(after.processor, checkout))).toBe(
      'evidence-mismatch',
    );

    rows.set(REF, 'expected-signer');
    await after.snapshot.update();
    expect(annotation(await memory.run(after.processor, checkout))).toBe(
      'expected-signer',
    );
  });

  it('lets the replica that read later decide', async () => {
    const { rows, replica, memory } = setUp();
    const [a, b] = [replica(), replica()];
    rows.set(REF, 'expected-signer');
    await a.snapshot.update();
    rows.set(REF, 'evidence-mismatch');
    await b.snapshot.update();

    await memory.run(b.processor, checkout);
    expect(annotation(await memory.run(a.processor, checkout))).toBe(
      'evidence-mismatch',
    );
    rows.set(REF, undefined);
    await a.snapshot.update();
    expect(annotation(await memory.run(a.processor, checkout))).toBeUndefined();
    expect(annotation(await memory.run(b.processor, checkout))).toBeUndefined();
  });

  it('stores nothing while nothing changes', async () => {
    const { rows, replica, memory } = setUp();
    const { snapshot, processor } = replica();
    rows.set(REF, 'expected-signer');
    const turn = async () => {
      await snapshot.update();
      await memory.run(processor, checkout);
    };
    // The second notes that the first was not too early to know the change.
    await turn();
    await turn();
    const { writes } = memory;
    for (let turns = 0; turns < 100; turns++) await turn();
    expect(memory.writes).toBe(writes);
  });

  it('is not misled by a replica that missed a change back', async () => {
    const { rows, replica, memory } = setUp();
    const [a, b] = [replica(), replica()];
    rows.set(REF, 'evidence-mismatch');
    await a.snapshot.update();
    await memory.run(a.processor, checkout);
    rows.set(REF, 'expected-signer');
    await b.snapshot.update();
    rows.set(REF, 'evidence-mismatch');
    await a.snapshot.update();
    await memory.run(a.processor, checkout);
    expect(annotation(await memory.run(b.processor, checkout))).toBe(
      'evidence-mismatch',
    );
  });

  it('ignores a stored status that is no longer a word it knows', async () => {
    const { replica } = setUp();
    const { processor } = replica();
    const entity = await processor.postProcessEntity(
      checkout,
      { type: 'url', target: 'https://acme.example' },
      () => {},
      {
        get: async () => ({ status: 'fine', asOf: '2026-01-01' } as any),
        set: async () => {},
      },
    );
    expect(annotation({ entity })).toBeUndefined();
  });

  it('never goes back, whichever replica polls and processes when', async () => {
    const action = fc.oneof(
      fc.record({
        do: fc.constant('change' as const),
        to: fc.constantFrom<EntityStatus | undefined>(
          'evidence-mismatch',
          'expected-signer',
          undefined,
        ),
      }),
      fc.record({
        do: fc.constantFrom('poll', 'process', 'restart'),
        who: fc.integer({ min: 0, max: 2 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 200, size: 'max' }),
        async actions => {
          const { rows, replica, memory } = setUp();
          const replicas = [replica(), replica(), replica()];
          const history: (EntityStatus | undefined)[] = [undefined];
          /** How much of the history each replica knows. */
          const known = [0, 0, 0];
          let newestWritten = 0;

          const poll = async (who: number) => {
            await replicas[who].snapshot.update();
            known[who] = history.length - 1;
          };
          const process = async (who: number) => {
            const result = await memory.run(replicas[who].processor, checkout);
            newestWritten = Math.max(newestWritten, known[who]);
            expect(annotation(result)).toBe(history[newestWritten]);
          };
          for (const step of actions) {
            if (step.do === 'change') {
              history.push(step.to);
              rows.set(REF, step.to);
            } else if (step.do === 'poll') {
              await poll(step.who);
            } else if (step.do === 'process') {
              await process(step.who);
            } else {
              replicas[step.who] = replica();
              known[step.who] = 0;
            }
          }
          for (const who of [0, 1, 2]) await poll(who);
          for (const who of [0, 1, 2]) await process(who);
          expect(newestWritten).toBe(history.length - 1);
        },
      ),
      { numRuns: 300 },
    );
  });
});
