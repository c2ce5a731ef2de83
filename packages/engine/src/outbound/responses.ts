import { Dispatcher } from 'undici';
import { ResponseHeaders } from './cappedBody';
import { OutboundError } from './OutboundError';

const MAX_DISCARDED_BYTES = 64 * 1024;

/**
 * The error that a status other than 200 stands for.
 *
 * @param retryAt - when the host wants to be asked again, if it said so
 */
export function errorOfStatus(
  status: number,
  host: string,
  retryAt?: Date,
): OutboundError {
  const limits = status === 403 || status === 429 || status >= 500;
  const failed = (failure: OutboundError['failure'], reason: string) =>
    new OutboundError(failure, host, reason, {
      status,
      ...(limits ? { retryAt } : {}),
    });
  if (status === 404 || status === 410) {
    return failed('not-found', `has nothing there (status ${status})`);
  }
  // GitHub answers 403 where a limit is reached; only the limit has an end.
  if (status === 429 || (status === 403 && retryAt)) {
    return failed('refused', `refused: too many requests (status ${status})`);
  }
  if (status >= 400 && status < 500) {
    return failed('refused', `refused the request (status ${status})`);
  }
  return failed('unreachable', `failed to answer (status ${status})`);
}

/** We never ask for compression: what is hashed must be what is stored. */
export function assertPlain(response: Dispatcher.ResponseData, host: string) {
  const encoding = flatten(response.headers)['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return;
  response.body.once('error', () => {});
  response.body.destroy();
  throw new OutboundError(
    'unreachable',
    host,
    'answered with compressed content that was not asked for',
  );
}

/**
 * Reads the rest of an answer away, so that its connection is used again: within
 * limits, and for so long at most.
 */
export async function discard(
  { body }: Dispatcher.ResponseData,
  timeoutMs: number,
): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  // What is thrown away must not keep the answer from being used.
  await body.dump({ limit: MAX_DISCARDED_BYTES, signal }).catch(() => {});
}

/** Headers by lower-case name, each as one text. */
export function flatten(
  headers: Dispatcher.ResponseData['headers'],
): ResponseHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : value ?? '',
    ]),
  );
}
