import { Dispatcher } from 'undici';
import { ResponseHeaders } from './cappedBody';
import { OutboundError } from './OutboundError';

const MAX_DISCARDED_BYTES = 64 * 1024;

/** The error that a status other than 200 stands for. */
export function errorOfStatus(status: number, host: string): OutboundError {
  const failed = (failure: OutboundError['failure'], reason: string) =>
    new OutboundError(failure, host, reason, { status });
  if (status === 404 || status === 410) {
    return failed('not-found', `has nothing there (status ${status})`);
  }
  if (status === 429) {
    return failed('refused', 'refused: too many requests (status 429)');
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

/** Reads the rest of an answer away, within limits. */
export async function discard(
  response: Dispatcher.ResponseData,
): Promise<void> {
  // What is thrown away must not keep the answer from being used.
  await response.body.dump({ limit: MAX_DISCARDED_BYTES }).catch(() => {});
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
