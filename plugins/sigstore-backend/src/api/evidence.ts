import {
  EvidenceReport,
  isSha256Digest,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Database } from '../store/database';
import { describeSightings } from '../store/evidence';
import { readVerifications } from '../store/facts';
import { newestGeneration } from '../store/trustGenerations';
import { Usage, readUsages } from '../store/usages';
import { Visibility } from './visibility';

/**
 * Where a piece of evidence was seen, as far as the caller may know. Nothing
 * when it was seen nowhere, or only at entities they may not see.
 */
export async function visibleUsages(
  db: Database,
  digest: string,
  visibility: Visibility,
): Promise<Usage[]> {
  if (!isSha256Digest(digest)) return [];
  const usages = await readUsages(db, digest);
  const visible = await visibility.filter(usages.map(usage => usage.entityRef));
  return usages.filter(usage => visible.has(usage.entityRef));
}

/** One piece of evidence, as far as the caller may see it. */
export async function readEvidenceReport(
  db: Database,
  digest: string,
  visibility: Visibility,
): Promise<EvidenceReport | undefined> {
  const usages = await visibleUsages(db, digest, visibility);
  if (usages.length === 0) return undefined;
  const [described] = await describeSightings(db, [digest], {
    referenceIds: [...new Set(usages.map(usage => usage.referenceId))],
  });
  const scope = await newestGeneration(db);
  const artifacts = new Set(usages.map(usage => usage.artifactDigest));
  const verifications = scope
    ? await readVerifications(db, [digest], scope)
    : [];
  return {
    ...described,
    verifications: verifications.filter(item =>
      artifacts.has(item.artifactDigest),
    ),
  };
}
