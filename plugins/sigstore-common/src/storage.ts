import { z } from 'zod/v4';

const instant = z.iso.datetime();

/**
 * What an object store says about one object: which version was read, and
 * whether it can be changed or deleted. All of it is the word of the store, and
 * none of it is verified. What the store would not tell is `unknown`, which is
 * not the same as that there is none.
 *
 * @public
 */
export const storedObjectSchema = z.object({
  /** `s3://bucket/key` */
  name: z.string(),
  role: z.enum(['artifact', 'evidence']),
  /** Absent where the store keeps no versions. */
  versionId: z.string().optional(),
  /** Of the bucket. */
  versioning: z.enum(['on', 'suspended', 'off', 'unknown']),
  /** Until when Object Lock keeps this version, and how strictly. */
  retention: z.discriminatedUnion('state', [
    z.object({
      state: z.literal('set'),
      mode: z.enum(['compliance', 'governance']),
      until: instant,
    }),
    z.object({ state: z.literal('none') }),
    z.object({ state: z.literal('unknown'), cause: z.string() }),
  ]),
  legalHold: z.enum(['on', 'off', 'unknown']),
});

/** @public */
export type StoredObject = z.infer<typeof storedObjectSchema>;

/**
 * How an artifact and the evidence beside it are kept, as it was seen last.
 *
 * @public
 */
export const storageReportSchema = z.object({
  seenAt: instant,
  objects: z.array(storedObjectSchema),
});

/** @public */
export type StorageReport = z.infer<typeof storageReportSchema>;
