import { Entity } from '@backstage/catalog-model';
import {
  RunningAnswer,
  RunningArtifactsSource,
} from '@cloudythings/backstage-plugin-sigstore-node';
import { ClusterQuestions } from './ClusterQuestions';
import { Cluster, KubernetesApi, SeenPods } from './KubernetesApi';
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
  readonly #labelSelectors: boolean;

  constructor(
    api: KubernetesApi,
    options: { skipClusters: string[]; labelSelectors: boolean },
  ) {
    this.#api = api;
    this.#skipClusters = new Set(options.skipClusters);
    this.#labelSelectors = options.labelSelectors;
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
      return concerned.map(item => answerOf(item, cluster.name, { pods: [] }));
    }
    const refused: RunningAnswer[] = [];
    const asked: Asked[] = [];
    for (const item of concerned) {
      const problem = problemOf(item.question, {
        labelSelectors: this.#labelSelectors,
      });
      if (problem === undefined) asked.push(item);
      else {
        const error = new KubernetesError('refused', problem);
        refused.push(failed(item.text, cluster.name, error));
      }
    }
    const byId = asked.filter(
      ({ question }) =>
        question.id !== undefined && question.namespace === undefined,
    );
    const questions = new ClusterQuestions(this.#api, cluster, signal);
    const ask = async (item: Asked) => {
      const { id, selector, namespace } = item.question;
      const query = { selector: selector ?? idSelector(id), namespace };
      return answerOf(item, cluster.name, await questions.pods(query));
    };
    const common = await askByIds(questions, cluster.name, byId);
    const apart = common ? asked.filter(item => !byId.includes(item)) : asked;
    return [
      ...refused,
      ...(common ?? []),
      ...(await questions.each(apart, ask)),
    ];
  }
}

/**
 * All IDs together: one question to a cluster, however many entities.
 *
 * @returns undefined where that are more pods than are read, so that each is to
 * be asked for itself
 */
async function askByIds(
  questions: ClusterQuestions,
  cluster: string,
  asked: Asked[],
): Promise<RunningAnswer[] | undefined> {
  if (asked.length === 0) return [];
  const { pods, failure } = await questions.pods({ selector: idSelector() });
  if (failure?.outcome === 'over-cap') return undefined;
  const byId = new Map<string, Pod[]>();
  for (const pod of pods) {
    const id = pod.metadata.labels?.[KUBERNETES_ID] ?? '';
    const own = byId.get(id);
    if (own) own.push(pod);
    else byId.set(id, [pod]);
  }
  return asked.map(item =>
    answerOf(item, cluster, {
      pods: byId.get(item.question.id!) ?? [],
      failure,
    }),
  );
}

const placeOf = (cluster: string) => `cluster ${cluster}`;

function answerOf(
  { text }: Asked,
  cluster: string,
  { pods, failure }: SeenPods,
): RunningAnswer {
  const artifacts = pods.flatMap(runningImages);
  if (failure) return { ...failed(text, cluster, failure), artifacts };
  const place = placeOf(cluster);
  return { question: text, place, outcome: 'complete', artifacts };
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
