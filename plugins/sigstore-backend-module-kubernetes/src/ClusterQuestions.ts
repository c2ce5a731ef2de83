import { Cluster, KubernetesApi, PodQuery, SeenPods } from './KubernetesApi';
import { KubernetesError } from './KubernetesError';

/** How many questions a cluster is asked at a time. */
const CONCURRENCY = 4;

/**
 * Asks one cluster, a few questions at a time. A cluster that let so many in a
 * row run into their time limit is asked no more: it would use up the time of all
 * others.
 */
export class ClusterQuestions {
  readonly #api: KubernetesApi;
  readonly #cluster: Cluster;
  readonly #signal: AbortSignal;
  #timedOut = 0;

  constructor(api: KubernetesApi, cluster: Cluster, signal: AbortSignal) {
    this.#api = api;
    this.#cluster = cluster;
    this.#signal = signal;
  }

  /** Never throws: what was not answered says why. */
  async pods(query: PodQuery): Promise<SeenPods> {
    if (this.#timedOut >= CONCURRENCY || this.#signal.aborted) {
      const words = this.#signal.aborted
        ? 'there was no time left to ask it'
        : 'it let other questions run into the time limit, so it was not asked';
      return { pods: [], failure: new KubernetesError('unreachable', words) };
    }
    const seen = await this.#api.pods(this.#cluster, query, this.#signal);
    this.#timedOut = seen.failure?.timedOut ? this.#timedOut + 1 : 0;
    return seen;
  }

  /** Asks for each item, a few at a time; the answers are in the order of these. */
  async each<T, R>(
    items: readonly T[],
    ask: (item: T) => Promise<R>,
  ): Promise<R[]> {
    const answers: R[] = new Array(items.length);
    const rest = items.entries();
    const work = async () => {
      for (const [index, item] of rest) answers[index] = await ask(item);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    return answers;
  }
}
