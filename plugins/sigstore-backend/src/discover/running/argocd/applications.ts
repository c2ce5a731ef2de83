import { OutboundClient, OutboundError } from '@cloudythings/sigstore-engine';
import { z } from 'zod/v4';
import { ArgoCdInstance } from './readArgoCdConfig';
import { saysNotFound } from './saysNotFound';

/** What is read of an application. */
export type Application = {
  name: string;
  /** When Argo CD last compared it with what runs; absent when it never did. */
  reconciledAt?: string;
  /** Why Argo CD does not know what runs of it, in its words. */
  unknown?: string;
  /** What Argo CD compared it with: commits or versions of its sources. */
  revisions: string[];
  /** As manifests name them: with tags, digests, or both. */
  images: string[];
};

/** What reading applications needs. */
export type ApplicationPorts = {
  instance: ArgoCdInstance;
  outbound: OutboundClient;
  signal: AbortSignal;
};

const MAX_BYTES = 16 * 1024 * 1024;

/** Most applications of one selector that are read. */
const MAX_APPLICATIONS = 200;

/** Most images of one application that are read. */
const MAX_IMAGES = 1000;

/** Most sources of one application whose revisions are shown. */
const MAX_REVISIONS = 5;

/** Longest words of Argo CD that are shown. */
const MAX_WORDS = 100;

// GET /api/v1/applications/{name} of Argo CD's API, v1alpha1.Application.
const applicationSchema = z.object({
  metadata: z.object({ name: z.string() }),
  status: z
    .object({
      reconciledAt: z.iso.datetime({ offset: true }).nullish(),
      sync: z
        .object({
          status: z.string().nullish(),
          revision: z.string().nullish(),
          // Of an application with several sources.
          revisions: z.array(z.string()).nullish(),
        })
        .nullish(),
      conditions: z.array(z.object({ type: z.string() })).nullish(),
      summary: z
        .object({ images: z.array(z.string()).max(MAX_IMAGES).nullish() })
        .nullish(),
    })
    .nullish(),
});

// An ApplicationList; one of none has metadata, and items that are null.
const listSchema = z.object({
  metadata: z.object({}),
  items: z.array(applicationSchema).max(MAX_APPLICATIONS).nullable(),
});

const toApplication = ({
  metadata,
  status,
}: z.infer<typeof applicationSchema>): Application => ({
  name: metadata.name,
  ...(status?.reconciledAt ? { reconciledAt: status.reconciledAt } : {}),
  ...unknownOf(status),
  revisions: revisionsOf(status?.sync ?? {}),
  images: status?.summary?.images ?? [],
});

function revisionsOf({
  revision,
  revisions,
}: {
  revision?: string | null;
  revisions?: string[] | null;
}): string[] {
  const all = revisions?.length ? revisions : [revision ?? ''];
  return all
    .filter(text => text !== '')
    .slice(0, MAX_REVISIONS)
    .map(text => text.slice(0, MAX_WORDS));
}

// Where a cluster does not answer Argo CD, or manifests cannot be made, the
// comparison fails, and the summary is of what it knew before, or empty.
function unknownOf(
  status: z.infer<typeof applicationSchema>['status'],
): Pick<Application, 'unknown'> {
  const failed = (status?.conditions ?? []).find(({ type }) =>
    type.endsWith('Error'),
  );
  if (failed) return { unknown: failed.type.slice(0, MAX_WORDS) };
  const isUnknown = (status?.sync?.status ?? 'Unknown') === 'Unknown';
  return isUnknown ? { unknown: 'sync status Unknown' } : {};
}

/**
 * Reads one application.
 *
 * @returns undefined where Argo CD says that there is none
 * @throws OutboundError
 */
export async function readApplication(
  { name, namespace }: { name: string; namespace?: string },
  ports: ApplicationPorts,
): Promise<Application | undefined> {
  const path = `/applications/${encodeURIComponent(name)}`;
  const url = urlOf(path, { appNamespace: namespace }, ports);
  try {
    return toApplication(
      understood(applicationSchema, await ask(url, ports), ports),
    );
  } catch (error) {
    const isMissing =
      error instanceof OutboundError && error.failure === 'not-found';
    const { outbound, signal, instance } = ports;
    const { token } = instance;
    if (isMissing && (await saysNotFound(url, { outbound, token, signal }))) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Reads the applications with some labels.
 *
 * @throws OutboundError
 */
export async function readApplications(
  { selector, namespace }: { selector: string; namespace?: string },
  ports: ApplicationPorts,
): Promise<Application[]> {
  const query = { selector, appNamespace: namespace };
  const url = urlOf('/applications', query, ports);
  const { items } = understood(listSchema, await ask(url, ports), ports);
  return (items ?? []).map(toApplication);
}

function urlOf(
  path: string,
  query: Record<string, string | undefined>,
  { instance }: ApplicationPorts,
): string {
  const url = new URL(`${instance.url}/api/v1${path}`);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, value);
  }
  return url.href;
}

async function ask(
  url: string,
  { instance, outbound, signal }: ApplicationPorts,
): Promise<Buffer> {
  const { body } = await outbound.get(url, {
    maxBytes: MAX_BYTES,
    accept: 'application/json',
    signal,
    ...(instance.token ? { authorization: `Bearer ${instance.token}` } : {}),
  });
  return body;
}

function understood<T>(
  schema: z.ZodType<T>,
  body: Buffer,
  { instance }: ApplicationPorts,
): T {
  const host = new URL(instance.url).host;
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    const words = 'answered with something other than JSON';
    throw new OutboundError('unreachable', host, words, { cause });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [{ path, code }] = result.error.issues;
  const where = path.join('.') || 'the answer';
  throw code === 'too_big'
    ? new OutboundError('over-cap', host, `names more than is read (${where})`)
    : new OutboundError(
        'unreachable',
        host,
        `did not answer as Argo CD does (${where})`,
      );
}
