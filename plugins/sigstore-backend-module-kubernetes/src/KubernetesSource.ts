import { Entity } from '@backstage/catalog-model';
import {
  RunningAnswer,
  RunningArtifactsSource,
} from '@cloudythings/backstage-plugin-sigstore-node';
import { Cluster, KubernetesApi, PodQuery } from './KubernetesApi';
import { KubernetesError } from './KubernetesError';
import { Pod } from './pods';
import {
  KUBERNETES_ID,
  LABEL_SELECTOR,
  Question,
  idSelector,
  problemOf,
  questionsOf,
  readQuestion,
} from './questions';
import { runningImages } from './runningImages';

type Asked = { text: string; question: Question };

/**
 * Sees which images run in the clusters of the Backstage Kubernetes plugin, by
 * the labels that lead from an entity to its pods.
 */
export class KubernetesSource implements RunningArtifactsSource {
  readonly id = 'kubernetes';
  readonly title = 'Kubernetes';
  readonly annotations = [KUBERNETES_ID, LABEL_SELECTOR];
  readonly #api: KubernetesApi;
  readonly #skipClusters: ReadonlySet<string>;

  constructor(api: KubernetesApi, options: { skipClusters: string[] }) {
    this.#api = api;
    this.#skipClusters = new Set(options.skipClusters);
  }

  questions(entity: Entity): string[] {
    return questionsOf(entity);
  }

  /**
   * @throws KubernetesError when the Kubernetes plugin does not tell its clusters
   */
  async observe(
    questions: readonly string[],
    { signal }: { signal: AbortSignal },
  ): Promise<RunningAnswer[]> {
    const asked = questions.map(text => ({
      text,
      question: readQuestion(text),
    }));
    const known = await this.#api.clusters(signal);
    const answers = await Promise.all(
      known.map(cluster => this.#askCluster(cluster, asked, signal)),
    );
    const names = new Set(known.map(({ name }) => name));
    return [...answers.flat(), ...unknownClusters(asked, names)];
  }

  async #askCluster(
    cluster: Cluster,
    all: Asked[],
    signal: AbortSignal,
  ): Promise<RunningAnswer[]> {
    const concerned = all.filter(
      ({ question }) =>
        question.cluster === undefined || question.cluster === cluster.name,
    );
    // Nothing there counts, says the administrator, and that is an answer.
    if (this.#skipClusters.has(cluster.name)) {
      return concerned.map(item => answerOf(item, cluster.name, []));
    }
    const asked = concerned.filter(({ question }) => !problemOf(question));
    const byId = asked.filter(
      ({ question }) =>
        question.id !== undefined && question.namespace === undefined,
    );
    const answers = concerned
      .filter(({ question }) => problemOf(question))
      .map(({ text, question }) =>
        failed(
          text,
          cluster.name,
          new KubernetesError('refused', problemOf(question)!),
        ),
      );
    answers.push(...(await this.#askByIds(cluster, byId, signal)));
    for (const item of asked.filter(one => !byId.includes(one))) {
      const { id, selector, namespace } = item.question;
      const query = { selector: selector ?? idSelector(id), namespace };
      const pods = await this.#pods(cluster, query, signal);
      answers.push(answerOf(item, cluster.name, pods));
    }
    return answers;
  }

  /** All IDs together: one question to a cluster, however many entities. */
  async #askByIds(
    cluster: Cluster,
    asked: Asked[],
    signal: AbortSignal,
  ): Promise<RunningAnswer[]> {
    if (asked.length === 0) return [];
    const query = { selector: idSelector() };
    const pods = await this.#pods(cluster, query, signal);
    if (pods instanceof KubernetesError) {
      return asked.map(({ text }) => failed(text, cluster.name, pods));
    }
    const byId = new Map<string, Pod[]>();
    for (const pod of pods) {
      const id = pod.metadata.labels?.[KUBERNETES_ID] ?? '';
      const own = byId.get(id);
      if (own) own.push(pod);
      else byId.set(id, [pod]);
    }
    return asked.map(item =>
      answerOf(item, cluster.name, byId.get(item.question.id!) ?? []),
    );
  }

  async #pods(
    cluster: Cluster,
    query: PodQuery,
    signal: AbortSignal,
  ): Promise<Pod[] | KubernetesError> {
    try {
      return await this.#api.pods(cluster, query, signal);
    } catch (error) {
      if (error instanceof KubernetesError) return error;
      throw error;
    }
  }
}

const placeOf = (cluster: string) => `cluster ${cluster}`;

function answerOf(
  { text }: Asked,
  cluster: string,
  pods: Pod[] | KubernetesError,
): RunningAnswer {
  if (pods instanceof KubernetesError) return failed(text, cluster, pods);
  return {
    question: text,
    place: placeOf(cluster),
    outcome: 'complete',
    artifacts: pods.flatMap(runningImages),
  };
}

function failed(
  question: string,
  cluster: string,
  { outcome, message }: KubernetesError,
): RunningAnswer {
  const place = placeOf(cluster);
  return { question, place, outcome, cause: message, artifacts: [] };
}

function unknownClusters(
  asked: Asked[],
  known: ReadonlySet<string>,
): RunningAnswer[] {
  return asked.flatMap(({ text, question: { cluster } }) =>
    cluster === undefined || known.has(cluster)
      ? []
      : [
          failed(
            text,
            cluster,
            new KubernetesError(
              'refused',
              'the entity names it, and the Kubernetes plugin has no cluster of that name',
            ),
          ),
        ],
  );
}
