import { ResolvedArtifact } from '@cloudythings/sigstore-engine';
import { inChunks } from './chunks';
import { Database } from './database';
import { storable } from './storable';

/**
 * Records which digest a reference leads to now. The previous one stays, with
 * the time at which it ended.
 */
export async function saveResolution(
  tx: Database,
  referenceId: string,
  artifact: ResolvedArtifact,
  now: Date,
): Promise<void> {
  const otherDigests = artifact.otherDigests?.length
    ? JSON.stringify(artifact.otherDigests)
    : null;
  const insert = tx('artifacts')
    .insert({
      digest: artifact.digest,
      media_type: storable(artifact.mediaType),
      size: artifact.size,
      children: JSON.stringify(artifact.children),
      other_digests: otherDigests,
      first_seen_at: now,
    })
    .onConflict('digest');
  // What an older release recorded lacks them.
  await (otherDigests
    ? insert
        .merge({ other_digests: otherDigests })
        .whereNull('artifacts.other_digests')
    : insert.ignore());
  const open = await tx('resolutions')
    .where({ reference_id: referenceId })
    .whereNull('until')
    .first('digest');
  if (open?.digest === artifact.digest) return;
  await tx('resolutions')
    .where({ reference_id: referenceId })
    .whereNull('until')
    .update({ until: now });
  await tx('resolutions').insert({
    reference_id: referenceId,
    digest: artifact.digest,
    since: now,
  });
}

/** Digests of an artifact by other algorithms, where its bytes were hashed. */
export async function readOtherDigests(
  db: Database,
  digest: string,
): Promise<string[]> {
  const row: { other_digests: string | null } | undefined = await db(
    'artifacts',
  )
    .where({ digest })
    .first('other_digests');
  return row?.other_digests ? JSON.parse(row.other_digests) : [];
}

/** The digests that indexes list, by the digest of the index. */
export async function readArtifactChildren(
  db: Database,
  digests: string[],
): Promise<Map<string, Set<string>>> {
  const rows: { digest: string; children: string }[] = await inChunks(
    [...new Set(digests)],
    chunk =>
      db('artifacts').select('digest', 'children').whereIn('digest', chunk),
  );
  return new Map(
    rows.map(row => [
      row.digest,
      new Set(
        (JSON.parse(row.children) as { digest: string }[]).map(
          child => child.digest,
        ),
      ),
    ]),
  );
}
