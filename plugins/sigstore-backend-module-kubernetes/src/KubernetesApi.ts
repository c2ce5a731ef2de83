import { AuthService, DiscoveryService } from '@backstage/backend-plugin-api';
import { z } from 'zod/v4';
import { KubernetesError } from './KubernetesError';
import { Pod, podListSchema } from './pods';

/** Which pods to name. */
export type PodQuery = {
  /** A label selector, as `kubectl -l` takes it. */
  selector: string;
  /** Any where left out. */
  namespace?: string;
};

/** What was seen in answer to one question, in full unless it failed. */
export type SeenPods = { pods: Pod[]; failure?: KubernetesError };

const PAGE = 500;

/** Most pods that one question may name. */
const MAX_PODS = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const MAX_WORDS = 200;

const clusterSchema = z.object({
  name: z.string(),
  authProvider: z.string().nullish(),
});

const clustersSchema = z.object({ items: z.array(clusterSchema) });

/** A cluster of the Kubernetes plugin. */
export type Cluster = z.infer<typeof clusterSchema>;

/** Clusters that are asked without credentials. */
const ANONYMOUS = 'localKubectlProxy';

/**
 * The Backstage Kubernetes plugin, asked as a plugin: for its clusters, and
 * through its proxy for pods. It is the one that knows how to reach a cluster, and
 * with which credentials.
 */
export class KubernetesApi {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;
  readonly #timeoutMs: number;

  /** @param ports - `timeoutMs` is how long one page may take */
  constructor(ports: {
    auth: AuthService;
    discovery: DiscoveryService;
    timeoutMs?: number;
  }) {
    this.#auth = ports.auth;
    this.#discovery = ports.discovery;
    this.#timeoutMs = ports.timeoutMs ?? TIMEOUT_MS;
  }

  /**
   * All clusters.
   *
   * @throws KubernetesError
   */
  async clusters(signal: AbortSignal): Promise<Cluster[]> {
    const read = await this.#get('/clusters', {}, signal);
    return understood(clustersSchema, read).items;
  }

  /**
   * All pods of a cluster that a query names; where that fails midway, those read
   * until then. Never throws.
   */
  async pods(
    cluster: Cluster,
    query: PodQuery,
    signal: AbortSignal,
  ): Promise<SeenPods> {
    const pods: Pod[] = [];
    try {
      for await (const page of this.#pages(cluster, query, signal)) {
        pods.push(...page);
        if (pods.length > MAX_PODS) {
          const words = `there are more than ${MAX_PODS} pods, of which the rest is not read`;
          throw new KubernetesError('over-cap', words);
        }
      }
      return { pods };
    } catch (error) {
      return { pods, failure: failureOf(error) };
    }
  }

  async *#pages(
    { name, authProvider }: Cluster,
    { selector, namespace }: PodQuery,
    signal: AbortSignal,
  ): AsyncGenerator<Pod[]> {
    const folder = namespace
      ? `/namespaces/${encodeURIComponent(namespace)}`
      : '';
    const headers = {
      'Backstage-Kubernetes-Cluster': name,
      // Else the proxy would hand our token on to a cluster that wants none.
      ...(authProvider === ANONYMOUS
        ? { 'Backstage-Kubernetes-Authorization': '' }
        : {}),
    };
    let next: string | null | undefined;
    do {
      const query = new URLSearchParams({
        labelSelector: selector,
        limit: String(PAGE),
        ...(next ? { continue: next } : {}),
      });
      const path = `/proxy/api/v1${folder}/pods?${query}`;
      const page = understood(
        podListSchema,
        await this.#get(path, headers, signal),
      );
      yield page.items;
      next = page.metadata.continue;
    } while (next);
  }

  async #get(
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Buffer> {
    const limit = AbortSignal.timeout(this.#timeoutMs);
    const baseUrl = await this.#discovery.getBaseUrl('kubernetes');
    const { token } = await this.#auth.getPluginRequestToken({
      onBehalfOf: await this.#auth.getOwnServiceCredentials(),
      targetPluginId: 'kubernetes',
    });
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        headers: { ...headers, authorization: `Bearer ${token}` },
        redirect: 'error',
        signal: AbortSignal.any([signal, limit]),
      });
      const body = await readBody(response);
      if (response.status !== 200) throw refusal(response.status, body);
      return body;
    } catch (error) {
      if (error instanceof KubernetesError) throw error;
      if (signal.aborted || limit.aborted) {
        throw new KubernetesError('unreachable', 'it did not answer in time', {
          timedOut: true,
        });
      }
      throw failureOf(error);
    }
  }
}

function failureOf(error: unknown): KubernetesError {
  if (error instanceof KubernetesError) return error;
  const { message, cause } = error as Error & { cause?: Error };
  return new KubernetesError('unreachable', cause?.message ?? message);
}

async function readBody(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) {
      const words = `the answer has more than ${MAX_BYTES} bytes`;
      throw new KubernetesError('over-cap', words);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const errorSchema = z.union([
  // Of Kubernetes, and of Backstage.
  z.object({ message: z.string() }),
  z.object({ error: z.object({ message: z.string() }) }),
]);

function refusal(status: number, body: Buffer): KubernetesError {
  const said = messageOf(body)?.slice(0, MAX_WORDS);
  return new KubernetesError(
    [400, 401, 403].includes(status) ? 'refused' : 'unreachable',
    `it answered ${status}${said ? `: ${said}` : ''}`,
  );
}

function messageOf(body: Buffer): string | undefined {
  const result = errorSchema.safeParse(parsed(body));
  if (!result.success) return undefined;
  return 'error' in result.data
    ? result.data.error.message
    : result.data.message;
}

function understood<T>(schema: z.ZodType<T>, body: Buffer): T {
  const result = schema.safeParse(parsed(body));
  if (result.success) return result.data;
  const where = result.error.issues[0].path.join('.');
  const words = `it did not answer as Kubernetes does${
    where ? ` (${where})` : ''
  }`;
  throw new KubernetesError('unreachable', words);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
