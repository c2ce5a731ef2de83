import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { Database } from './database';

/** Policies and trusted roots as one replica loaded them. */
export type TrustRecord = {
  /** Over everything that decides a verdict besides evidence. */
  digest: string;
  policiesDigest: string;
  policies: { path: string; text: string }[];
  trustedRoots: { name: string; digest: string; thresholds: unknown }[];
  engineRevision: string;
};

/** What of the newest generation decides which facts count. */
export type ActiveTrust = {
  generation: number;
  digest: string;
  trustedRoots: { name: string; digest: string; thresholds: unknown }[];
  engineRevision: string;
};

/** The newest generation, which is the one in force. */
export async function newestGeneration(
  db: Database,
): Promise<ActiveTrust | undefined> {
  const row = await db('trust_generations')
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
 * Puts a set in force: joins the newest generation when it is the same, else
 * begins the next one. Of replicas that load the same set at once, one begins
 * the generation and the others join it.
 */
export async function enforceTrust(
  knex: Knex,
  trust: TrustRecord,
  by: { replica: string; now: Date },
): Promise<ActiveTrust> {
  for (;;) {
    const newest = await newestGeneration(knex);
    if (newest?.digest === trust.digest) return newest;
    try {
      await knex('trust_generations').insert({
        generation: (newest?.generation ?? 0) + 1,
        digest: trust.digest,
        policies_digest: trust.policiesDigest,
        policies: JSON.stringify(trust.policies),
        trusted_roots: JSON.stringify(trust.trustedRoots),
        engine_revision: trust.engineRevision,
        loaded_at: by.now,
        loaded_by: by.replica,
      });
    } catch (error) {
      if (!isDatabaseConflictError(error)) throw error;
    }
  }
}
