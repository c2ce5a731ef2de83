import { Entity } from '@backstage/catalog-model';
import { imageReference } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  RunningAnswer,
  RunningArtifactsSource,
  namesLabelValues,
} from '@cloudythings/backstage-plugin-sigstore-node';
import { OutboundClient, OutboundError } from '@cloudythings/sigstore-engine';
import { z } from 'zod/v4';
import { Application, readApplication, readApplications } from './applications';
import { ArgoCdInstance } from './readArgoCdConfig';

const APP_NAME = 'argocd/app-name';
const APP_SELECTOR = 'argocd/app-selector';
const APP_NAMESPACE = 'argocd/app-namespace';
const INSTANCE_NAME = 'argocd/instance-name';

/** How many applications are asked for at a time, of one instance. */
const CONCURRENCY = 4;

/**
 * How old a comparison may be. Argo CD makes one every few minutes by default;
 * where its controller stands still, what it says is of then.
 */
const STALE_AFTER_MS = 24 * 60 * 60_000;

/** Names of applications, which are names of Kubernetes resources. */
const NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

const questionSchema = z.object({
  name: z.string().optional(),
  selector: z.string().optional(),
  namespace: z.string().optional(),
  instance: z.string().optional(),
});

type Question = z.infer<typeof questionSchema>;

/**
 * Sees what Argo CD says the applications of an entity consist of: the images of
 * their live resources, as their manifests name them.
 */
export class ArgoCdSource implements RunningArtifactsSource {
  readonly id = 'argocd';
  readonly title = 'Argo CD';
  readonly annotations = [APP_NAME, APP_SELECTOR];
  readonly #instances: readonly ArgoCdInstance[];
  readonly #outbound: OutboundClient;
  readonly #now: () => Date;

  constructor(
    instances: readonly ArgoCdInstance[],
    outbound: OutboundClient,
    now = () => new Date(),
  ) {
    this.#instances = instances;
    this.#outbound = outbound;
    this.#now = now;
  }

  questions(entity: Entity): string[] {
    const annotations = entity.metadata.annotations ?? {};
    const text = (name: string) => annotations[name]?.trim() || undefined;
    const name = text(APP_NAME);
    const selector = text(APP_SELECTOR);
    const where = {
      namespace: text(APP_NAMESPACE),
      instance: text(INSTANCE_NAME),
    };
    const questions: Question[] = [
      ...(name ? [{ name, ...where }] : []),
      ...(selector ? [{ selector, ...where }] : []),
    ];
    return questions.map(question => JSON.stringify(question));
  }

  async observe(
    questions: readonly string[],
    { signal }: { signal: AbortSignal },
  ): Promise<RunningAnswer[]> {
    const answers = await Promise.all(
      this.#instances.map(instance => this.#ask(instance, questions, signal)),
    );
    return [...answers.flat(), ...this.#unknownInstances(questions)];
  }

  async #ask(
    instance: ArgoCdInstance,
    questions: readonly string[],
    signal: AbortSignal,
  ): Promise<RunningAnswer[]> {
    const asked = questions.filter(text => {
      const named = questionSchema.parse(JSON.parse(text)).instance;
      return named === undefined || named === instance.name;
    });
    const answers: RunningAnswer[] = [];
    for (let start = 0; start < asked.length; start += CONCURRENCY) {
      const some = asked.slice(start, start + CONCURRENCY);
      answers.push(
        ...(await Promise.all(
          some.map(text => this.#answer(instance, text, signal)),
        )),
      );
    }
    return answers;
  }

  async #answer(
    instance: ArgoCdInstance,
    question: string,
    signal: AbortSignal,
  ): Promise<RunningAnswer> {
    const common = { question, place: `instance ${instance.name}` };
    const asked = questionSchema.parse(JSON.parse(question));
    if (asked.name !== undefined && !NAME.test(asked.name)) {
      const cause = `${APP_NAME} of the entity is not the name of an application`;
      return { ...common, outcome: 'refused', cause, artifacts: [] };
    }
    if (asked.selector !== undefined && !namesLabelValues(asked.selector)) {
      const cause = `${APP_SELECTOR} of the entity names no value of a label, as in team=checkout`;
      return { ...common, outcome: 'refused', cause, artifacts: [] };
    }
    try {
      const applications = await this.#applications(instance, asked, signal);
      const [unknown] = applications.flatMap(item => this.#unknownOf(item));
      return {
        ...common,
        ...(unknown
          ? { outcome: 'unreachable', cause: unknown }
          : { outcome: 'complete' }),
        artifacts: applications.flatMap(application =>
          application.images.map(image => ({
            kind: 'image' as const,
            reference: imageReference(image),
            workload: workloadOf(application),
          })),
        ),
      };
    } catch (error) {
      return { ...common, ...failureOf(error), artifacts: [] };
    }
  }

  async #applications(
    instance: ArgoCdInstance,
    { name, selector, namespace }: Question,
    signal: AbortSignal,
  ): Promise<Application[]> {
    const ports = { instance, outbound: this.#outbound, signal };
    if (name === undefined) {
      return readApplications({ selector: selector!, namespace }, ports);
    }
    const application = await readApplication({ name, namespace }, ports);
    return application ? [application] : [];
  }

  /** Why what Argo CD says of an application is not what runs now. */
  #unknownOf({ name, reconciledAt, unknown }: Application): string[] {
    if (reconciledAt === undefined) {
      return [`Argo CD has not looked at the application ${name} yet`];
    }
    if (unknown !== undefined) {
      return [
        `Argo CD does not know what runs of the application ${name} (${unknown})`,
      ];
    }
    const age = this.#now().getTime() - Date.parse(reconciledAt);
    return age > STALE_AFTER_MS
      ? [
          `Argo CD has not looked at the application ${name} since ${reconciledAt}`,
        ]
      : [];
  }

  /** An instance that an entity names and nobody configured. */
  #unknownInstances(questions: readonly string[]): RunningAnswer[] {
    const known = new Set(this.#instances.map(({ name }) => name));
    return questions.flatMap(question => {
      const { instance } = questionSchema.parse(JSON.parse(question));
      if (instance === undefined || known.has(instance)) return [];
      const cause = `the entity names an Argo CD that is not configured; add it to sigstore.discover.argocd.instances, or correct ${INSTANCE_NAME}`;
      const place = `instance ${instance}`;
      return [{ question, place, outcome: 'refused', cause, artifacts: [] }];
    });
  }
}

/** Which application it is, and from which revision; that is not checked. */
function workloadOf({ name, revisions }: Application): string {
  return revisions.length > 0
    ? `application ${name}, revision ${revisions.join(', ')}`
    : `application ${name}`;
}

function failureOf(error: unknown): Pick<RunningAnswer, 'outcome' | 'cause'> {
  if (!(error instanceof OutboundError)) {
    return { outcome: 'unreachable', cause: (error as Error).message };
  }
  const { failure, message } = error;
  if (failure === 'host-not-allowed') {
    return {
      outcome: 'refused',
      cause: `${message}; add it to sigstore.hosts`,
    };
  }
  if (failure === 'refused') {
    return {
      outcome: 'refused',
      cause: `${message}; the application may not exist, or the token of the instance may not read it`,
    };
  }
  return {
    outcome: failure === 'over-cap' ? 'over-cap' : 'unreachable',
    cause: message,
  };
}
