import { Readable } from 'node:stream';
import { ResponseHeaders } from './cappedBody';

/**
 * What one request may do.
 *
 * @public
 */
export type OutboundOptions = {
  maxBytes: number;
  accept?: string;
  signal?: AbortSignal;
  /** Repository to ask a pull token for, when the host is an OCI registry. */
  repositoryScope?: string;
  /**
   * Value of the `Authorization` header, instead of credentials configured for
   * the host. Sent to exactly the origin that `url` leads to, and never after a
   * redirect to another one.
   */
  authorization?: string;
  /**
   * Further request headers, such as an API version. None that identifies us
   * or frames the message; they too stay behind at a redirect to another origin.
   */
  headers?: Record<string, string>;
};

/**
 * A question that takes a body.
 *
 * @public
 */
export type OutboundPostOptions = OutboundOptions & {
  body: string | Buffer;
  contentType: string;
  /** Says that this only asks, so that it may be tried again. */
  idempotent?: boolean;
};

/**
 * A request whose headers are exactly those given, as signatures over requests
 * need it (S3).
 *
 * @public
 */
export type RawRequest = {
  method: 'GET' | 'HEAD';
  /** A `host` among them must be the host of the URL. */
  headers: Record<string, string>;
  maxBytes: number;
  signal?: AbortSignal;
};

/**
 * A complete answer with status 200.
 *
 * @public
 */
export type OutboundResponse = {
  status: number;
  headers: ResponseHeaders;
  body: Buffer;
};

/**
 * An answer of any status. The body must be read to its end or destroyed; it
 * fails with `OutboundError` when it is cut or longer than was allowed.
 *
 * @public
 */
export type RawResponse = {
  status: number;
  headers: ResponseHeaders;
  body: Readable;
};

const RESERVED =
  /^(authorization|proxy-.*|cookie|host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|accept-encoding|range|if-.*)$/i;

/**
 * Throws `Error` for headers that are not for callers to set: a mistake in the
 * program, not of anybody outside.
 */
export function assertHarmless(headers: Record<string, string> = {}) {
  const reserved = Object.keys(headers).find(name => RESERVED.test(name));
  if (reserved) throw new Error(`the header ${reserved} cannot be set`);
  return headers;
}

/** Throws `Error` when a request would name another host than it goes to. */
export function assertOwnHost(headers: Record<string, string>, host: string) {
  const named = Object.entries(headers).find(([name]) => /^host$/i.test(name));
  if (named && named[1] !== host) {
    throw new Error(`the header host is not that of the URL, ${host}`);
  }
}

/** Header fields that are really sent. */
export function withoutUndefined(
  headers: Record<string, string | undefined>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}
