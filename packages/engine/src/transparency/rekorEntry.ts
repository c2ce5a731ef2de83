import { createHash } from 'node:crypto';
import { z } from 'zod/v4';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const index = z.number().int().min(0);

const entrySchema = z.object({
  body: z.base64().min(1),
  integratedTime: index,
  logID: hash,
  logIndex: index,
  attestation: z.object({ data: z.base64().optional() }).optional(),
  verification: z
    .object({
      signedEntryTimestamp: z.base64().optional(),
      inclusionProof: z
        .object({
          logIndex: index,
          rootHash: hash,
          treeSize: index,
          hashes: z.array(hash).max(64),
          checkpoint: z.string().min(1),
        })
        .optional(),
    })
    .optional(),
});

/** Each entry stands alone under its UUID. */
const answerSchema = z.array(z.record(z.string(), z.unknown()));

/**
 * An entry of a Rekor log of version 1, as the log gives it. Nothing in it is
 * verified, but for the UUID it was asked by.
 *
 * @public
 */
export type RekorEntry = z.infer<typeof entrySchema> & {
  /** As the log calls it: 64 or 80 hexadecimal digits. */
  uuid: string;
};

/**
 * The hash by which a tree of version 1 knows a leaf (RFC 6962 §2.1): the last
 * 64 digits of the UUID of its entry.
 *
 * @param body - of the entry, in base64
 */
export function leafHash(body: string): string {
  return createHash('sha256')
    .update(Buffer.of(0))
    .update(Buffer.from(body, 'base64'))
    .digest('hex');
}

/** The leaf that a UUID names, whether it names the tree as well or not. */
export function leafOf(uuid: string): string {
  return uuid.slice(-64);
}

/**
 * Reads the answer to a request for entries. An entry that cannot be read, or
 * whose body is another than its UUID says, counts as not given.
 *
 * @throws ZodError where it is no list of entries of version 1
 */
export function readEntries(json: unknown): RekorEntry[] {
  return answerSchema
    .parse(json)
    .flatMap(one => Object.entries(one))
    .flatMap(([uuid, given]) => {
      const entry = entrySchema.safeParse(given).data;
      return entry && leafOf(uuid) === leafHash(entry.body)
        ? [{ uuid, ...entry }]
        : [];
    });
}
