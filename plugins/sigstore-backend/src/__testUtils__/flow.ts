import { mockServices } from '@backstage/backend-test-utils';
import {
  ArtifactKind,
  DeclaredReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  EvidenceSource,
  OutboundClient,
  verifyEvidence,
} from '@cloudythings/sigstore-engine';
import { S3Buckets } from '@cloudythings/sigstore-engine/s3';
import { Knex } from 'knex';
import { saveEntityRecord } from '../discover/saveEntityRecord';
import { FlowPorts } from '../flow/ports';
import { EntityRecord } from '../store/entityStatuses';
import { AccessClients } from '../access/AccessClients';
import { TrustKeeper } from '../trust/TrustKeeper';
import { loadTrustSet } from '../trust/loadTrustSet';

const MINUTE = 60_000;

/** A clock that stands still until it is moved. */
export class Clock {
  #time = Date.parse('2026-11-20T12:00:00Z');

  readonly now = () => new Date(this.#time);

  advance(ms: number): void {
    this.#time += ms;
  }
}

/** A source without evidence that counts how often it is asked for what. */
export class CountingSource implements EvidenceSource {
  readonly name = 'counting';
  readonly asked: string[] = [];

  covers(): boolean {
    return true;
  }

  async collect(
    target: Parameters<EvidenceSource['collect']>[0],
    ports: Parameters<EvidenceSource['collect']>[1],
  ): ReturnType<EvidenceSource['collect']> {
    this.asked.push(target.artifact.digest);
    const askedAt = ports.now().toISOString();
    return {
      lookups: [{ source: this.name, outcome: 'none', askedAt }],
      evidence: [],
      findings: [],
    };
  }
}

/** A replica's ports: the real engine, reading files, and one given source. */
export async function replicaPorts(options: {
  knex: Knex;
  clock: Clock;
  source: EvidenceSource;
  fileRoot: string;
  policyFiles?: string[];
  trustedRoots?: string[];
}): Promise<FlowPorts> {
  const { knex, clock, source, fileRoot, policyFiles = [] } = options;
  const { now } = clock;
  const logger = mockServices.logger.mock();
  const trustedRoots = (options.trustedRoots ?? ['public-good']).map(name => ({
    name,
    demo: false,
  }));
  const trust = await TrustKeeper.create({
    knex,
    load: () =>
      loadTrustSet({ trustedRoots, policyFiles }, async () => ({}), now()),
    replica: 'test',
    logger,
    now,
  });
  return {
    knex,
    trust,
    clients: new AccessClients(OutboundClient.create({ hosts: [] }), [], now),
    buckets: S3Buckets.create([]),
    fileRoots: [fileRoot],
    sources: [source],
    verifier: { verify: async (...piece) => verifyEvidence(...piece) },
    schedule: { recheckMs: 60 * MINUTE, retryMs: 5 * MINUTE },
    logger,
    now,
    random: () => 0.5,
  };
}

/** What discovery would read of a component that declares some references. */
export function componentRecord(
  name: string,
  references: string[],
  overrides: Partial<EntityRecord> = {},
): EntityRecord {
  const kind: ArtifactKind = 'terraform-plan';
  return {
    entityRef: `component:default/${name}`,
    kind: 'component',
    namespace: 'default',
    name,
    dependencies: [],
    declared: references.map(
      (reference): DeclaredReference => ({
        kind,
        reference,
        declaredBy: 'sigstore.dev/terraform-plans',
      }),
    ),
    ...overrides,
  };
}

/** Writes an entity as discovery does. */
export async function declare(
  knex: Knex,
  clock: Clock,
  record: EntityRecord,
): Promise<void> {
  await saveEntityRecord(
    knex,
    record,
    JSON.stringify(record).length.toString(),
    clock.now(),
  );
}
