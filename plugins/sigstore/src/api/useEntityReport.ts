import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import {
  EntityReport,
  readDeclaredReferences,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { useCallback, useRef, useState } from 'react';
import { gentlePause } from './gentlePause';
import { sigstoreApiRef } from './sigstoreApi';
import { Trouble, troubleOf } from './trouble';
import { Read, useRead } from './useRead';

/** Attempts after which a requested check is no longer waited for. */
const MAX_WAITS = 30;

export type EntityReportRead = Read<EntityReport> & {
  /** Asks for a check now. */
  checkAgain(): void;
  /** Whether a requested check is still going on. */
  checking: boolean;
  /** Why the request for a check failed. */
  checkTrouble?: Trouble;
};

/**
 * Reads what the card shows, again and again while something is on its way: an
 * artifact that was never checked, or a check that the reader asked for.
 */
export function useEntityReport(entity: Entity): EntityReportRead {
  const api = useApi(sigstoreApiRef);
  const entityRef = stringifyEntityRef(entity);
  const [request, setRequest] = useState<Request>({ state: 'none' });
  const before = useRef<Map<string, string | undefined>>();

  const read = useRead(
    entityRef,
    signal => api.getEntityReport(entityRef, { signal }),
    (report, attempt) => {
      if (before.current !== undefined) {
        const done = isCheckedSince(before.current, report);
        if (!done && attempt < MAX_WAITS) return gentlePause(attempt);
        before.current = undefined;
        setRequest({ state: 'none' });
      }
      return isAwaited(report, entity) ? gentlePause(attempt) : undefined;
    },
  );

  const { value, reload } = read;
  const checkAgain = useCallback(() => {
    setRequest({ state: 'running' });
    api.checkEntity(entityRef).then(
      () => {
        before.current = checkTimes(value);
        reload();
      },
      error => setRequest({ state: 'failed', trouble: troubleOf(error) }),
    );
  }, [api, entityRef, value, reload]);

  return {
    ...read,
    checkAgain,
    checking: request.state === 'running' && !read.trouble,
    checkTrouble: request.state === 'failed' ? request.trouble : undefined,
  };
}

type Request =
  | { state: 'none' | 'running' }
  | { state: 'failed'; trouble: Trouble };

/** When each artifact was checked, to be compared with a later reading. */
function checkTimes(report?: EntityReport): Map<string, string | undefined> {
  return new Map(report?.artifacts.map(({ id, checkedAt }) => [id, checkedAt]));
}

function isCheckedSince(
  before: Map<string, string | undefined>,
  report: EntityReport,
): boolean {
  return report.artifacts.every(
    ({ id, checkedAt, status }) =>
      !before.has(id) ||
      before.get(id) !== checkedAt ||
      // What cannot be asked for, such as an unreadable reference, never gets
      // a time and is not waited for.
      (checkedAt === undefined && status !== 'pending'),
  );
}

function isAwaited(report: EntityReport, entity: Entity): boolean {
  const artifacts = [
    ...report.artifacts,
    ...report.dependencies.flatMap(dependency => dependency.artifacts),
  ];
  if (artifacts.some(({ status }) => status === 'pending')) return true;
  return isUndiscovered(report, entity);
}

/**
 * Whether the entity declares something that the backend has not read from the
 * catalog yet.
 */
export function isUndiscovered(report: EntityReport, entity: Entity): boolean {
  return (
    report.artifacts.length === 0 && readDeclaredReferences(entity).length > 0
  );
}
