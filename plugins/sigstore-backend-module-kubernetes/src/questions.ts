import { Entity } from '@backstage/catalog-model';
import { namesLabelValues } from '@cloudythings/backstage-plugin-sigstore-node';
import { z } from 'zod/v4';

/** Annotations of the Backstage Kubernetes plugin. */
export const KUBERNETES_ID = 'backstage.io/kubernetes-id';
export const LABEL_SELECTOR = 'backstage.io/kubernetes-label-selector';
const NAMESPACE = 'backstage.io/kubernetes-namespace';
const CLUSTER = 'backstage.io/kubernetes-cluster';

const questionSchema = z.object({
  id: z.string().optional(),
  selector: z.string().optional(),
  namespace: z.string().optional(),
  cluster: z.string().optional(),
});

/** Which pods are an entity's: those with an ID as label, or by a selector. */
export type Question = z.infer<typeof questionSchema>;

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
const LABEL_VALUE = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const NAMESPACE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What to ask for an entity, as the Kubernetes plugin reads its annotations. */
export function questionsOf(entity: Entity): string[] {
  const annotations = entity.metadata.annotations ?? {};
  const text = (name: string) => annotations[name]?.trim() || undefined;
  const id = text(KUBERNETES_ID);
  const selector = text(LABEL_SELECTOR);
  const where = { namespace: text(NAMESPACE), cluster: text(CLUSTER) };
  const questions: Question[] = [
    ...(id ? [{ id, ...where }] : []),
    ...(selector ? [{ selector, ...where }] : []),
  ];
  return questions.map(question => JSON.stringify(question));
}

/** Takes a question that `questionsOf` gave apart. */
export function readQuestion(text: string): Question {
  return questionSchema.parse(JSON.parse(text));
}

/**
 * Why a question cannot be asked, in words; undefined when it can.
 *
 * @param options - `labelSelectors` is whether entities may choose by these
 */
export function problemOf(
  { id, selector, namespace }: Question,
  { labelSelectors }: { labelSelectors: boolean },
): string | undefined {
  if (selector !== undefined && !labelSelectors) {
    return `${LABEL_SELECTOR} is switched off in the configuration; use ${KUBERNETES_ID}`;
  }
  if (selector !== undefined && !namesLabelValues(selector)) {
    return `${LABEL_SELECTOR} of the entity names no value of a label, as in app=checkout`;
  }
  if (id !== undefined && !LABEL_VALUE.test(id)) {
    return `${KUBERNETES_ID} of the entity cannot be the value of a label`;
  }
  if (namespace !== undefined && !NAMESPACE_NAME.test(namespace)) {
    return `${NAMESPACE} of the entity cannot be the name of a namespace`;
  }
  return undefined;
}

/** The selector of the pods with an ID, or of those with any. */
export function idSelector(id?: string): string {
  return id === undefined ? KUBERNETES_ID : `${KUBERNETES_ID}=${id}`;
}
