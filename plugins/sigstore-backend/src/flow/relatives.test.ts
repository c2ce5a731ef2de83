import {
  Lookup,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  CollectTarget,
  ENGINE_REVISION,
  OutboundClient,
} from '@cloudythings/sigstore-engine';
import { Knex } from 'knex';
import { createHash } from 'node:crypto';
/* What no registry of the recorded world has is served by the engine's tests. */
/* eslint-disable @backstage/no-relative-monorepo-imports */
import { TestRepository } from '../../../../packages/engine/src/__testUtils__/TestRepository';
import { TestServer } from '../../../../packages/engine/src/__testUtils__/TestServer';
/* eslint-enable @backstage/no-relative-monorepo-imports */
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import {
  Clock,
  CountingSource,
  componentRecord,
  declare,
  replicaPorts,
} from '../__testUtils__/flow';
import { AccessClients } from '../access/AccessClients';
import { declarationsOfEntities } from '../store/declarations';
import { compressEvidence, saveEvidence } from '../store/evidence';
import { FactScope, saveVerifications } from '../store/facts';
import { referenceId } from '../store/identifiers';
import { claimReference } from '../store/lease';
import { saveCheck } from '../store/references';
import { readKnownIndexes } from '../store/sightings';
import { checkReference } from './checkReference';
import { judgeDeclaration, readJudgeables } from './judgeReference';

jest.setTimeout(60_000);

const sha256 = (text: string) =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`;
const INDEX = sha256('index');
const PLATFORM = sha256('platform');
const OTHER_PLATFORM = sha256('other platform');
const REFERENCE = `ghcr.io/acme/checkout:1.4@${PLATFORM}`;
const ID = referenceId('image', REFERENCE);
const ENTITY = 'component:default/a';
const SCOPE: FactScope = {
  trustedRoots: [{ name: 'acme', digest: sha256('root') }],
  engineRevision: ENGINE_REVISION,
} as FactScope;

const NOW = '2026-11-22T15:00:00.000Z';
const ANSWERED = { askedAt: NOW, outcome: 'none' as const };

const found = (name: string, artifactDigest: string) => ({
  digest: sha256(name),
  mediaType: 'application/json',
  bytes: Buffer.from(name),
  source: 'ghcr.io referrers',
  artifactDigest,
});

const holds = (name: string, artifactDigest: string): Verification => ({
  evidenceDigest: sha256(name),
  artifactDigest,
  trustedRoot: 'acme',
  profileDigest: SCOPE.trustedRoots[0].digest,
  engineRevision: ENGINE_REVISION,
  checks: [],
  findings: [],
  facts: {
    signer: {
      trustedRoot: 'acme',
      issuer: 'https://accounts.google.com',
      identity: 'jane@acme.example',
      identityType: 'email',
      extensions: {},
    },
    times: [],
    logEntries: [],
    content: { type: 'simple-signing' },
  },
});

describe.each(databaseIds)('evidence of relatives on %s', id => {
  const clock = new Clock();

  const judged = async (
    knex: Knex,
    artifact: { digest: string; parents?: string[] },
    evidence: ReturnType<typeof found>[],
    lookups: Lookup[] = [
      { source: evidence[0]?.source ?? 'ghcr.io referrers', ...ANSWERED },
    ],
  ) => {
    const compressed = await compressEvidence(evidence);
    clock.advance(1000);
    await knex.transaction(async tx => {
      const target = { referenceId: ID, artifact };
      await saveEvidence(tx, target, compressed, lookups, clock.now());
      await saveCheck(tx, ID, {
        digest: artifact.digest,
        findings: [],
        checkedAt: clock.now(),
      });
    });
    const declarations = await declarationsOfEntities(knex, [ENTITY]);
    const [item] = await readJudgeables(knex, declarations, SCOPE, {
      withDocuments: false,
    });
    const rules = { policies: [], distrusts: [] };
    return judgeDeclaration(item, rules, 'trust', clock.now()).verdict;
  };

  const prepared = async () => {
    const knex = await openTestDatabase(id);
    await declare(
      knex,
      clock,
      componentRecord('a', [], {
        declared: [
          {
            kind: 'image',
            reference: REFERENCE,
            declaredBy: 'sigstore.dev/images',
          },
        ],
      }),
    );
    return knex;
  };

  it('counts for a platform image what is signed of the index that lists it', async () => {
    const knex = await prepared();
    const artifact = { digest: PLATFORM, parents: [INDEX] };
    const evidence = [found('of the index', INDEX)];
    await knex.transaction(tx =>
      saveVerifications(tx, [holds('of the index', INDEX)], clock.now()),
    );
    expect(await judged(knex, artifact, evidence)).toMatchObject({
      status: 'no-policy',
      throughIndex: INDEX,
      signer: { identity: 'jane@acme.example' },
    });

    // The tag leads to another index now, which changes nothing about this one.
    const target = { referenceId: ID, artifactDigest: PLATFORM };
    expect(await readKnownIndexes(knex, target)).toEqual([INDEX]);
    const moved = { digest: PLATFORM, parents: [INDEX] };
    expect((await judged(knex, moved, [])).status).toBe('signature-lost');
    const back = await judged(knex, moved, evidence);
    expect(back).toMatchObject({ status: 'no-policy', throughIndex: INDEX });
  });

  it('does not miss what nobody looks for any more, until somebody does', async () => {
    const knex = await prepared();
    const artifact = { digest: PLATFORM };
    const evidence = [found('signed', PLATFORM)];
    await knex.transaction(tx =>
      saveVerifications(tx, [holds('signed', PLATFORM)], clock.now()),
    );
    const other = { source: 'another', askedAt: NOW, outcome: 'none' as const };
    const same = { ...other, source: evidence[0].source };
    const statuses = [];
    for (const [given, lookups] of [
      [evidence, [same]],
      [[], [other]],
      [[], [other, same]],
      [evidence, [same]],
      [[], [{ ...other, outcome: 'unreachable' as const }]],
    ] as const) {
      const { status } = await judged(knex, artifact, [...given], [...lookups]);
      statuses.push(status);
    }
    expect(statuses).toEqual([
      'no-policy',
      'no-signature',
      'signature-lost',
      'no-policy',
      'no-policy',
    ]);
  });

  it('does not miss what only the search of a log gave', async () => {
    const knex = await prepared();
    const source = 'rekor.acme.example log search';
    const evidence = [{ ...found('logged', PLATFORM), source }];
    await knex.transaction(tx =>
      saveVerifications(tx, [holds('logged', PLATFORM)], clock.now()),
    );
    const artifact = { digest: PLATFORM };
    const lookups = [{ source, askedAt: NOW, outcome: 'none' as const }];
    expect((await judged(knex, artifact, evidence, lookups)).status).toBe(
      'no-policy',
    );
    expect((await judged(knex, artifact, [], lookups)).status).toBe(
      'no-signature',
    );
  });

  it('tells of what is signed of a platform, and waits for none of it', async () => {
    const knex = await prepared();
    const evidence = [
      found('of a platform', PLATFORM),
      found('not verified yet', OTHER_PLATFORM),
    ];
    await knex.transaction(tx =>
      saveVerifications(tx, [holds('of a platform', PLATFORM)], clock.now()),
    );
    const verdict = await judged(knex, { digest: INDEX }, evidence);
    expect(verdict.status).toBe('no-signature');
    expect(verdict.notices).toEqual([
      { code: 'signed-platforms-only', detail: PLATFORM },
    ]);
  });
});

/** Has evidence of every index that it is asked about. */
class IndexSource extends CountingSource {
  readonly parents: string[][] = [];

  async collect(
    target: CollectTarget,
    ports: Parameters<CountingSource['collect']>[1],
  ): ReturnType<CountingSource['collect']> {
    const { parents = [] } = target.artifact;
    this.parents.push(parents);
    const evidence = parents.map(parent => found(`of ${parent}`, parent));
    return { ...(await super.collect(target, ports)), evidence };
  }
}

it('asks about an index that listed the image after its tag moved on', async () => {
  const server = await TestServer.start();
  const knex = await openTestDatabase('SQLITE_3');
  try {
    const clock = new Clock();
    const source = new IndexSource();
    const endpoint = server.url;
    const outbound = OutboundClient.create({
      hosts: [{ host: 'ghcr.io', endpoint, allowPrivateAddress: true }],
    });
    const ports = {
      ...(await replicaPorts({ knex, clock, source, fileRoot: '/nowhere' })),
      clients: new AccessClients(outbound, [], clock.now),
    };
    const { set, generation } = (await ports.trust.inForce())!;
    const repository = new TestRepository(server, 'acme/checkout');
    const image = repository.manifest({ layers: [] });
    const index = repository.index([image], '1.4');
    const reference = `ghcr.io/acme/checkout:1.4@${image.digest}`;
    const declared = [
      { kind: 'image' as const, reference, declaredBy: 'sigstore.dev/images' },
    ];
    await declare(knex, clock, componentRecord('a', [], { declared }));
    const now = clock.now();
    const claim = (await claimReference(knex, {
      now,
      leaseMs: 600_000,
      generation,
    }))!;
    const running = new AbortController().signal;
    await checkReference(claim, set, ports, running);
    repository.index([], '1.4');
    clock.advance(1000);
    await checkReference(claim, set, ports, running);
    expect(source.parents).toEqual([[index.digest], [index.digest]]);
    await outbound.close();
  } finally {
    await server.close();
  }
});
