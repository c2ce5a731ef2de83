import {
  ArtifactKind,
  Finding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import { eachChunk, inChunks } from './chunks';
import { Database } from './database';
import { referenceId } from './identifiers';
import { lockReferences } from './lease';
import { StoredInstant, toOptionalInstant } from './instants';

/** A reference, and with which credentials it is asked. */
export type AccessedReference = {
  kind: ArtifactKind;
  reference: string;
  /** Name of the credentials; none when left out. */
  access?: string;
};

/** What the last check of a reference left behind. */
export type ReferenceState = {
  id: string;
  digest?: string;
  /** Tag of the newest release, where that is what was asked for. */
  newestTag?: string;
  findings: Finding[];
  checkedAt?: string;
  nextCheckAt?: string;
};

/**
 * Makes references due: new ones and those nobody declared lately at once, all
 * others for judging, since somebody new declares them.
 */
export async function scheduleReferences(
  tx: Database,
  references: AccessedReference[],
  now: Date,
): Promise<void> {
  // One order for all writers, so that two transactions never wait for each other.
  const rows = references
    .map(({ kind, reference, access = '' }) => ({
      id: referenceId(kind, reference, access),
      kind,
      reference,
      access,
      created_at: now,
      next_check_at: now,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const row of rows) {
    await tx('artifact_references')
      .insert(row)
      .onConflict('id')
      .merge({
        next_check_at: tx.raw(
          'coalesce(artifact_references.next_check_at, ?)',
          [now],
        ),
        next_judge_at: now,
      });
  }
}

/** Takes references that nobody declares any more off the schedule. */
export async function retireReferences(
  tx: Database,
  referenceIds: string[],
): Promise<void> {
  await eachChunk([...referenceIds].sort(), ids =>
    tx('artifact_references')
      .whereIn('id', ids)
      .whereNotExists(
        tx('declarations')
          .select(tx.raw('1'))
          .whereRaw('declarations.reference_id = artifact_references.id')
          .whereNull('gone_at'),
      )
      .update({ next_check_at: null, next_judge_at: null }),
  );
}

/** Makes references due for judging, without asking any source. */
export async function scheduleJudging(
  tx: Database,
  referenceIds: string[],
  now: Date,
): Promise<void> {
  await eachChunk(referenceIds, ids =>
    tx('artifact_references').whereIn('id', ids).update({ next_judge_at: now }),
  );
}

/** Marks everything an entity declares as due now; gives how many that is. */
export async function markEntityDue(
  knex: Knex,
  entityRef: string,
  now: Date,
): Promise<number> {
  return knex.transaction(async tx => {
    const ids: string[] = await tx('declarations')
      .where({ entity_ref: entityRef })
      .whereNull('gone_at')
      .pluck('reference_id');
    // In the order of all writers, which a single update does not keep.
    await lockReferences(tx, ids);
    const marked = await inChunks(ids, async chunk => [
      await tx('artifact_references')
        .whereIn('id', chunk)
        .whereNotNull('next_check_at')
        .update({ next_check_at: now }),
    ]);
    return marked.reduce((sum, count) => sum + count, 0);
  });
}

/** Records what a finished check found. */
export async function saveCheck(
  tx: Database,
  id: string,
  check: {
    digest?: string;
    newestTag?: string;
    findings: Finding[];
    checkedAt: Date;
  },
): Promise<void> {
  await tx('artifact_references')
    .where({ id })
    .update({
      digest: check.digest ?? null,
      newest_tag: check.newestTag ?? null,
      findings: JSON.stringify(check.findings),
      checked_at: check.checkedAt,
    });
}

/** Reads the state of references by their IDs. */
export async function readReferences(
  db: Database,
  ids: string[],
): Promise<Map<string, ReferenceState>> {
  const rows = await inChunks(ids, chunk =>
    db('artifact_references')
      .select(
        'id',
        'digest',
        'newest_tag',
        'findings',
        'checked_at',
        'next_check_at',
      )
      .whereIn('id', chunk),
  );
  return new Map(
    rows.map(
      (row: {
        id: string;
        digest: string | null;
        newest_tag: string | null;
        findings: string | null;
        checked_at: StoredInstant | null;
        next_check_at: StoredInstant | null;
      }) => [
        row.id,
        {
          id: row.id,
          digest: row.digest ?? undefined,
          newestTag: row.newest_tag ?? undefined,
          findings: row.findings ? JSON.parse(row.findings) : [],
          checkedAt: toOptionalInstant(row.checked_at),
          nextCheckAt: toOptionalInstant(row.next_check_at),
        },
      ],
    ),
  );
}
