import {
  StorageReport,
  StoredObject,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Database } from './database';
import { StoredInstant, toInstant } from './instants';
import { storable } from './storable';

/** An artifact that a reference led to. */
type Place = { referenceId: string; digest: string };

/**
 * Records how an object store keeps an artifact and the evidence beside it. What
 * was seen before is replaced: it is about now. Where no store says anything,
 * nothing stays.
 */
export async function saveObjectStorage(
  tx: Database,
  { referenceId, digest }: Place,
  objects: StoredObject[],
  now: Date,
): Promise<void> {
  if (objects.length === 0) {
    await tx('object_storage').where({ reference_id: referenceId }).delete();
    return;
  }
  const seen = {
    digest,
    seen_at: now,
    objects: storable(JSON.stringify(objects)),
  };
  await tx('object_storage')
    .insert({ reference_id: referenceId, ...seen })
    .onConflict('reference_id')
    .merge(seen);
}

/** What was seen last of this very artifact, if anything. */
export async function readObjectStorage(
  db: Database,
  { referenceId, digest }: Place,
): Promise<StorageReport | undefined> {
  const row: { seen_at: StoredInstant; objects: string } | undefined = await db(
    'object_storage',
  )
    .where({ reference_id: referenceId, digest })
    .first('seen_at', 'objects');
  return row
    ? { seenAt: toInstant(row.seen_at), objects: JSON.parse(row.objects) }
    : undefined;
}
