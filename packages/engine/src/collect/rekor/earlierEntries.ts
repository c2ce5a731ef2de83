import { z } from 'zod/v4';
import { leafHash } from '../../transparency/rekorEntry';
import { CollectTarget, StoredEvidence } from '../evidence';

const storedSchema = z.object({
  verificationMaterial: z.object({
    tlogEntries: z.array(z.object({ canonicalizedBody: z.base64() })).length(1),
  }),
});

/**
 * Evidence that came of a log before, by the hash of its leaf.
 *
 * @param source - name of the lookup
 */
export async function readEarlier(
  { artifact, earlier }: CollectTarget,
  source: string,
): Promise<Map<string, StoredEvidence>> {
  const stored = (await earlier?.(source, artifact.digest)) ?? [];
  return new Map(
    stored.flatMap(evidence => {
      const leaf = leafOfStored(evidence);
      return leaf ? [[leaf, evidence] as const] : [];
    }),
  );
}

function leafOfStored({ bytes }: StoredEvidence): string | undefined {
  try {
    const json = JSON.parse(bytes.toString('utf8'));
    const { verificationMaterial } = storedSchema.parse(json.bundle ?? json);
    return leafHash(verificationMaterial.tlogEntries[0].canonicalizedBody);
  } catch {
    return undefined;
  }
}
