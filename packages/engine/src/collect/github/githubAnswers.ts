import { z } from 'zod/v4';

const recordSchema = z.object({
  bundle: z.record(z.string(), z.unknown()).nullish(),
  bundle_url: z.string().nullish(),
  repository_id: z.number().int().nullish(),
});
// An answer without its list is no answer that there is none.
const listSchema = z.object({ attestations: z.array(recordSchema) });
const byDigestSchema = z.record(z.string(), z.array(recordSchema).nullish());
const bulkSchema = z.object({
  // An object by GitHub's schema, a list of objects in its example.
  attestations_subject_digests: z.union([
    byDigestSchema,
    z.array(byDigestSchema),
  ]),
  page_info: z
    .object({ has_next: z.boolean().nullish(), next: z.string().nullish() })
    .nullish(),
});
const repositorySchema = z.object({
  id: z.number().int(),
  private: z.boolean(),
});
const ownerSchema = z.object({ type: z.string() });

/** One attestation as GitHub lists it; its bundle lies in it or elsewhere. */
export type AttestationRecord = {
  repositoryId?: number;
  bundle?: object;
  bundleUrl?: string;
};

/** What is to be known of a repository. */
export type RepositoryFacts = { id: number; isPublic: boolean };

/** @throws ZodError where it is no such list */
export function readList(json: unknown): AttestationRecord[] {
  return listSchema.parse(json).attestations.map(toRecord);
}

/** Whether a list goes on, and where: without a cursor nobody knows. */
export type Continuation = { cursor?: string } | undefined;

/**
 * Reads the answer to a question for many digests, and where it goes on.
 *
 * @throws ZodError where it is no such answer
 */
export function readBulk(json: unknown): {
  records: [string, AttestationRecord[]][];
  next: Continuation;
} {
  const { attestations_subject_digests: found, page_info: page } =
    bulkSchema.parse(json);
  const parts = Array.isArray(found) ? found : [found];
  return {
    records: parts
      .flatMap(part => Object.entries(part))
      .map(([digest, records]) => [digest, (records ?? []).map(toRecord)]),
    next:
      page?.has_next === false
        ? undefined
        : { cursor: cursorOf(page?.next ?? '') },
  };
}

/** @throws ZodError where it is no repository */
export function readRepository(json: unknown): RepositoryFacts {
  const { id, private: isPrivate } = repositorySchema.parse(json);
  return { id, isPublic: !isPrivate };
}

/**
 * Tells under which part of the API the attestations of an owner lie.
 *
 * @throws ZodError where it is no owner
 */
export function readOwnerKind(json: unknown): 'orgs' | 'users' {
  return ownerSchema.parse(json).type === 'Organization' ? 'orgs' : 'users';
}

function toRecord(record: z.infer<typeof recordSchema>): AttestationRecord {
  const { bundle, bundle_url: url, repository_id: id } = record;
  return {
    ...(typeof id === 'number' ? { repositoryId: id } : {}),
    ...(bundle && Object.keys(bundle).length > 0 ? { bundle } : {}),
    ...(url ? { bundleUrl: url } : {}),
  };
}

/** Tells from a `Link` header (RFC 8288) whether a list goes on, and where. */
export function continuationOf(header: string | undefined): Continuation {
  const next = (header ?? '')
    .split(/,\s*(?=<)/)
    .find(link => /;\s*rel="?next"?/.test(link));
  return next === undefined ? undefined : { cursor: cursorOf(next) };
}

/**
 * The cursor in a link, or what is the cursor itself. Only the cursor is taken:
 * where it is asked for is for us to say.
 */
function cursorOf(text: string): string | undefined {
  const url = URL.parse(/<([^>]*)>/.exec(text)?.[1] ?? text);
  return (url ? url.searchParams.get('after') : text) || undefined;
}
