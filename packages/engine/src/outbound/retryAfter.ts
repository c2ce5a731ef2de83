import { ResponseHeaders } from './cappedBody';

/** Nobody is left alone for longer, whatever they ask for. */
export const MAX_PAUSE_MS = 60 * 60 * 1000;

/**
 * When a host wants to be asked again, as `Retry-After` (RFC 9110 §10.2.3, in
 * seconds or as a date) or as GitHub's rate limit headers say it.
 *
 * @returns nothing where nothing was said that can be read; at most an hour
 * from now otherwise
 */
export function readRetryAfter(
  headers: ResponseHeaders,
  now: number,
): Date | undefined {
  const at =
    readHeader(headers['retry-after'], now) ??
    (headers['x-ratelimit-remaining'] === '0'
      ? readEpoch(headers['x-ratelimit-reset'])
      : undefined);
  if (at === undefined) return undefined;
  return new Date(Math.min(Math.max(at, now), now + MAX_PAUSE_MS));
}

function readHeader(text: string | undefined, now: number) {
  if (!text) return undefined;
  if (/^\d{1,9}$/.test(text)) return now + Number(text) * 1000;
  // Only the form that HTTP prescribes: Date.parse reads far more than that.
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(text)) {
    return undefined;
  }
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

function readEpoch(text: string | undefined) {
  return text && /^\d{1,12}$/.test(text) ? Number(text) * 1000 : undefined;
}
