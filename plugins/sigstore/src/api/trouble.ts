import { ResponseError } from '@backstage/errors';

/**
 * Why there is nothing to show. None of them says anything about a signature.
 *
 * - `unavailable`: the backend did not answer, or answered that it cannot
 * - `not-installed`: there is no such plugin in the backend
 * - `not-permitted`: the reader may not see it
 * - `not-known`: there is no such thing, or the reader may not see it
 * - `not-understood`: an answer of another release than this one
 */
export type Trouble =
  | 'unavailable'
  | 'not-installed'
  | 'not-permitted'
  | 'not-known'
  | 'not-understood';

/**
 * Tells what stands behind an error of the client.
 *
 * @param error - whatever a call of the API threw
 */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof ResponseError) {
    if (error.statusCode === 401 || error.statusCode === 403) {
      return 'not-permitted';
    }
    if (error.statusCode === 404) {
      // Only a plugin says what it did not find; the empty 404 of the root
      // router means that no plugin listens there.
      return error.cause.name === 'NotFoundError'
        ? 'not-known'
        : 'not-installed';
    }
    return 'unavailable';
  }
  if (isNamed(error, 'ZodError') || isNamed(error, 'SyntaxError')) {
    return 'not-understood';
  }
  return 'unavailable';
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
