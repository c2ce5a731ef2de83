import { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { stringifyError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { RunningArtifactsSource } from '@cloudythings/backstage-plugin-sigstore-node';

/** Longest question that is kept, far beyond what annotations may hold. */
const MAX_QUESTION = 4000;
const PAGE = 500;

/** What the catalog leads to asking an observer, by entity. */
export type QuestionsOfCatalog = {
  byEntity: Map<string, string[]>;
  /** Entities whose questions could not be told; theirs stay as they are. */
  unreadable: Set<string>;
};

/**
 * Reads from the catalog what to ask an observer.
 *
 * @throws when the catalog does not answer in full
 */
export async function readQuestions(
  source: RunningArtifactsSource,
  ports: { catalog: CatalogService; auth: AuthService; logger: LoggerService },
  signal: AbortSignal,
): Promise<QuestionsOfCatalog> {
  const credentials = await ports.auth.getOwnServiceCredentials();
  const pages = ports.catalog.streamEntities(
    {
      filter: source.annotations.map(annotation => ({
        [`metadata.annotations.${annotation}`]: CATALOG_FILTER_EXISTS,
      })),
      fields: ['apiVersion', 'kind', 'metadata'],
      pageSize: PAGE,
    },
    { credentials },
  );
  const byEntity = new Map<string, string[]>();
  const unreadable = new Set<string>();
  for await (const page of pages) {
    signal.throwIfAborted();
    for (const entity of page) {
      const entityRef = stringifyEntityRef(entity);
      try {
        byEntity.set(entityRef, questionsOf(source, entity));
      } catch (error) {
        unreadable.add(entityRef);
        ports.logger.warn(
          `What to ask ${
            source.title
          } about ${entityRef} was not understood; what was asked before is asked on: ${stringifyError(
            error,
          )}`,
        );
      }
    }
  }
  return { byEntity, unreadable };
}

function questionsOf(source: RunningArtifactsSource, entity: Entity): string[] {
  const questions = [...new Set(source.questions(entity))];
  if (questions.some(question => question.length > MAX_QUESTION)) {
    throw new Error(`a question has more than ${MAX_QUESTION} characters`);
  }
  return questions;
}
