import {
  Lookup,
  LookupOutcome,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { inChunks } from './chunks';
import { Database } from './database';
import { StoredInstant, toInstant, toOptionalInstant } from './instants';
import { storable } from './storable';

/** Under which subject the reading of the catalog itself is recorded. */
export const CATALOG_SUBJECT = 'catalog';

/** Whether a source gave an answer, be it that there is nothing. */
export function answered(outcome: LookupOutcome): boolean {
  return outcome === 'found' || outcome === 'none';
}

/**
 * Records how the sources answered in one check. A row is added where an
 * outcome changed; sources that were not asked any more are no longer current.
 *
 * @param subject - ID of a reference
 */
export async function saveLookups(
  tx: Database,
  subject: string,
  lookups: Lookup[],
  now: Date,
): Promise<void> {
  const rows = await tx('lookups')
    .select('id', 'source', 'outcome', 'cause')
    .where({ subject })
    .whereNull('superseded_at');
  const current = new Map(rows.map(row => [row.source, row]));
  for (const [position, lookup] of onePerSource(lookups).entries()) {
    const { source, outcome } = lookup;
    const cause = lookup.cause === undefined ? null : storable(lookup.cause);
    const askedAt = new Date(lookup.askedAt);
    const before = current.get(source);
    current.delete(source);
    if (before?.outcome === outcome && before.cause === cause) {
      await tx('lookups')
        .where({ id: before.id })
        .update({
          position,
          asked_at: askedAt,
          ...(answered(outcome) ? { last_good_at: askedAt } : {}),
        });
      continue;
    }
    const last = await tx('lookups')
      .where({ subject, source })
      .orderBy('id', 'desc')
      .first('last_good_at');
    await supersede(tx, before ? [before.id] : [], now);
    await tx('lookups').insert({
      subject,
      source,
      position,
      outcome,
      cause,
      since: askedAt,
      asked_at: askedAt,
      last_good_at: answered(outcome) ? askedAt : last?.last_good_at ?? null,
    });
  }
  await supersede(
    tx,
    [...current.values()].map(row => row.id),
    now,
  );
}

// A source that was asked twice and answered once did not answer.
function onePerSource(lookups: Lookup[]): Lookup[] {
  const bySource = new Map<string, Lookup>();
  for (const lookup of lookups) {
    const other = bySource.get(lookup.source);
    if (!other || answered(other.outcome)) bySource.set(lookup.source, lookup);
  }
  return [...bySource.values()];
}

async function supersede(tx: Database, ids: number[], now: Date) {
  if (ids.length === 0) return;
  await tx('lookups').whereIn('id', ids).update({ superseded_at: now });
}

type Row = {
  subject: string;
  source: string;
  outcome: LookupOutcome;
  cause: string | null;
  asked_at: StoredInstant;
  last_good_at: StoredInstant | null;
};

/** How the sources answered last, by subject, in the order in which they were asked. */
export async function readLookups(
  db: Database,
  subjects: string[],
): Promise<Map<string, Lookup[]>> {
  const rows: Row[] = await inChunks(subjects, chunk =>
    db('lookups')
      .select(
        'subject',
        'source',
        'outcome',
        'cause',
        'asked_at',
        'last_good_at',
      )
      .whereIn('subject', chunk)
      .whereNull('superseded_at')
      .orderBy('position'),
  );
  const lookups = new Map<string, Lookup[]>();
  for (const row of rows) {
    const lastGoodAt = toOptionalInstant(row.last_good_at);
    const list = lookups.get(row.subject) ?? [];
    list.push({
      source: row.source,
      outcome: row.outcome,
      ...(row.cause ? { cause: row.cause } : {}),
      askedAt: toInstant(row.asked_at),
      ...(lastGoodAt ? { lastGoodAt } : {}),
    });
    lookups.set(row.subject, list);
  }
  return lookups;
}
