import type { Entity } from '@backstage/catalog-model';
import { ArtifactKind } from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * One artifact that is seen running.
 *
 * @public
 */
export type RunningArtifact = {
  kind: ArtifactKind;
  /**
   * With the digest that runs, and the tag it was started by where that is
   * known: `registry.example.com/acme/checkout:1.4@sha256:…`. Where `problem` is
   * set, what is known of it, in words.
   */
  reference: string;
  /** What runs it, in words: `namespace shop, Deployment checkout`. */
  workload?: string;
  /**
   * Why it is not known which artifact runs; absent when it is. It is listed and
   * could not be checked.
   */
  problem?: string;
};

/**
 * What was seen at one place in answer to one question.
 *
 * @public
 */
export type RunningAnswer = {
  /** As it was asked. */
  question: string;
  /** Where it was looked, in words that stay the same: `cluster prod-eu`. */
  place: string;
  /**
   * `complete`: everything that runs there is named, and what was seen before and
   * is not named has ended. After any other outcome what was seen before stays,
   * and what is named is added.
   */
  outcome: 'complete' | 'refused' | 'unreachable' | 'over-cap';
  /** Why it is not complete, in words; without times and numbers that change. */
  cause?: string;
  artifacts: RunningArtifact[];
};

/**
 * Sees what runs for entities, such as in clusters.
 *
 * What an entity says of itself chooses the question, so a question may only
 * ever add to what is listed for it: a question once asked for an entity is asked
 * until it is answered completely and with nothing, also when the entity no
 * longer leads to it.
 *
 * @public
 */
export interface RunningArtifactsSource {
  /** Unique, in kebab-case. */
  readonly id: string;
  /** What people read as who saw it: `Kubernetes`. */
  readonly title: string;
  /** Entities without any of these annotations are not read. */
  readonly annotations: readonly string[];
  /**
   * What to ask for an entity. Pure; the same entity gives the same texts, and
   * equal texts of several entities are asked once.
   */
  questions(entity: Entity): string[];
  /**
   * Asks all questions, and gives for each an answer for every place where it
   * could run, also for those that do not answer. A place that is not named is
   * taken for one that did not answer.
   *
   * When the signal is aborted, time is over: give what is known by then, and the
   * rest as unreachable. Whoever gives nothing soon after gave no answer.
   *
   * @throws anything, which counts as no answer to any question
   */
  observe(
    questions: readonly string[],
    options: { signal: AbortSignal },
  ): Promise<RunningAnswer[]>;
}
