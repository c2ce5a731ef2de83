/**
 * Why an outbound request gave no answer that can be used.
 *
 * `host-not-allowed`: it was not even sent, or led somewhere it may not go.
 * `unreachable`: nothing answered, or the answer was broken. `refused`: the
 * other side said no. `over-cap`: it held more than is read. `not-found`: it
 * has nothing there. `unsupported`: it answered in a way that is not read.
 *
 * @public
 */
export type OutboundFailure =
  | 'host-not-allowed'
  | 'unreachable'
  | 'refused'
  | 'over-cap'
  | 'not-found'
  | 'unsupported';

/**
 * An outbound request that failed. The message names the host and the reason
 * in words, and never a full URL: those may carry signatures and tokens.
 *
 * @public
 */
export class OutboundError extends Error {
  readonly failure: OutboundFailure;
  readonly host: string;
  /** HTTP status, where one was given. */
  readonly status?: number;
  /** Before this, the host is not asked again. */
  retryAt?: Date;

  constructor(
    failure: OutboundFailure,
    host: string,
    reason: string,
    details: { status?: number; retryAt?: Date; cause?: unknown } = {},
  ) {
    super(`${host} ${reason}`, { cause: details.cause });
    this.name = 'OutboundError';
    this.failure = failure;
    this.host = host;
    this.status = details.status;
    this.retryAt = details.retryAt;
  }
}

/** Whether an outbound request failed for this very reason. */
export function failedAs(
  error: unknown,
  failure: OutboundFailure,
): error is OutboundError {
  return error instanceof OutboundError && error.failure === failure;
}
