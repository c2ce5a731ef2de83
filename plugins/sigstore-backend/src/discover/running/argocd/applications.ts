import { OutboundClient, OutboundError } from '@cloudythings/sigstore-engine';
import { z } from 'zod/v4';
import { ArgoCdInstance } from './readArgoCdConfig';

/** What is read of an application. */
export type Application = {
  name: string;
  /** Whether Argo CD has compared it with what runs, at least once. */
  reconciled: boolean;
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

// GET /api/v1/applications/{name} of Argo CD's API, v1alpha1.Application.
const applicationSchema = z.object({
  metadata: z.object({ name: z.string() }),
  status: z
    .object({
      reconciledAt: z.string().nullish(),
      summary: z
        .object({ images: z.array(z.string()).max(MAX_IMAGES).nullish() })
        .nullish(),
    })
    .nullish(),
});

const listSchema = z.object({
  items: z.array(applicationSchema).max(MAX_APPLICATIONS).nullish(),
});

const toApplication = ({
  metadata,
  status,
}: z.infer<typeof applicationSchema>): Application => ({
  name: metadata.name,
  reconciled: Boolean(status?.reconciledAt),
  images: status?.summary?.images ?? [],
});

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
  try {
    const path = `/applications/${encodeURIComponent(name)}`;
    const read = await ask(path, { appNamespace: namespace }, ports);
    return toApplication(understood(applicationSchema, read, ports));
  } catch (error) {
    const isMissing =
      error instanceof OutboundError && error.failure === 'not-found';
    if (isMissing) return undefined;
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
  const read = await ask('/applications', query, ports);
  const { items } = understood(listSchema, read, ports);
  return (items ?? []).map(toApplication);
}

async function ask(
  path: string,
  query: Record<string, string | undefined>,
  { instance, outbound, signal }: ApplicationPorts,
): Promise<Buffer> {
  const url = new URL(`${instance.url}/api/v1${path}`);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, value);
  }
  const { body } = await outbound.get(url.href, {
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
