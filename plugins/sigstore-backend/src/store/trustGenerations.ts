import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import {
  Distrust,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import { Database } from './database';
import { StoredInstant } from './instants';

/** A trusted root as it is recorded. */
export type RecordedRoot = {
  name: string;
  digest: string;
  thresholds: Record<string, number>;
  /** In words; absent in what older releases recorded. */
  from?: string;
};

/** Policies and trusted roots as one replica loaded them. */
export type TrustRecord = {
  /** Over everything that decides a verdict besides evidence. */
  digest: string;
  policiesDigest: string;
  policies: { path: string; text: string }[];
  /** The policies as they were understood. */
  documents: (TrustPolicy | Distrust)[];
  trustedRoots: RecordedRoot[];
  engineRevision: string;
  /** How many the policies gave. */
  warnings: number;
};

/** What of a recorded set can be compared with another. */
export type ComparableTrust = Pick<
  TrustRecord,
  'documents' | 'trustedRoots' | 'engineRevision'
>;

/** What of the newest generation decides which facts count. */
export type ActiveTrust = {
  generation: number;
  digest: string;
  trustedRoots: RecordedRoot[];
  engineRevision: string;
};

type Row = {
  generation: number;
  digest: string;
  documents: string | null;
  trusted_roots: string;
  engine_revision: string;
};

/** The newest generation, which is the one in force. */
export async function newestGeneration(
  db: Database,
): Promise<ActiveTrust | undefined> {
  const row: Row | undefined = await db('trust_generations')
    .orderBy('generation', 'desc')
    .first('generation', 'digest', 'trusted_roots', 'engine_revision');
  if (!row) return undefined;
  return {
    generation: row.generation,
    digest: row.digest,
    trustedRoots: JSON.parse(row.trusted_roots),
    engineRevision: row.engine_revision,
  };
}

/**
 * When an engine took over from the one before: what was found since then was
 * found by it.
 *
 * @returns as the database stores it; nothing while it is not in force
 */
export async function engineInForceSince(
  db: Database,
  engineRevision: string,
): Promise<StoredInstant | undefined> {
  const other = await db('trust_generations')
    .whereNot('engine_revision', engineRevision)
    .max('generation as last')
    .first();
  const row = await db('trust_generations')
    .where('generation', '>', other?.last ?? 0)
    .min('loaded_at as since')
    .first();
  return row?.since ?? undefined;
}

/**
 * Puts a set in force: joins the newest generation when it is the same, else
 * begins the next one. Of replicas that load the same set at once, one begins
 * the generation and the others join it.
 *
 * @param by - who does so and when, and what tells the changes it makes
 * @returns the changes only where a generation began and there is one before
 * it that they can be told of
 */
export async function enforceTrust<Changes>(
  knex: Knex,
  trust: TrustRecord,
  by: {
    replica: string;
    now: Date;
    compare: (before: ComparableTrust) => Changes;
  },
): Promise<{ generation: number; changes?: Changes }> {
  for (;;) {
    const newest = await newestGeneration(knex);
    if (newest?.digest === trust.digest) {
      return { generation: newest.generation };
    }
    const before = newest && (await readComparable(knex, newest));
    const changes = before && by.compare(before);
    const generation = (newest?.generation ?? 0) + 1;
    try {
      await knex('trust_generations').insert({
        generation,
        digest: trust.digest,
        policies_digest: trust.policiesDigest,
        policies: JSON.stringify(trust.policies),
        documents: JSON.stringify(trust.documents),
        trusted_roots: JSON.stringify(trust.trustedRoots),
        engine_revision: trust.engineRevision,
        changes: changes ? JSON.stringify(changes) : null,
        warnings: trust.warnings,
        loaded_at: by.now,
        loaded_by: by.replica,
      });
      return { generation, ...(changes ? { changes } : {}) };
    } catch (error) {
      if (!isDatabaseConflictError(error)) throw error;
    }
  }
}

// Older releases did not record how they understood the policies.
async function readComparable(
  db: Database,
  { generation, trustedRoots, engineRevision }: ActiveTrust,
): Promise<ComparableTrust | undefined> {
  const row: Pick<Row, 'documents'> | undefined = await db('trust_generations')
    .where({ generation })
    .first('documents');
  if (!row?.documents) return undefined;
  return {
    documents: JSON.parse(row.documents),
    trustedRoots,
    engineRevision,
  };
}
