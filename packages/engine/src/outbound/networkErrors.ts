import { AddressNotAllowedError } from './connections';
import { OutboundError } from './OutboundError';

const WORDS: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the connection was cut',
  ENOTFOUND: 'its name could not be resolved',
  EAI_AGAIN: 'its name could not be resolved',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'no answer in time',
  TimeoutError: 'no answer in time',
  AbortError: 'the time for this check ran out',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too long',
};

/**
 * Turns what went wrong below HTTP into an error that names the host and the
 * reason in words. Errors that already do are passed through.
 */
export function toOutboundError(error: unknown, host: string): OutboundError {
  if (error instanceof OutboundError) return error;
  if (error instanceof AddressNotAllowedError) {
    return new OutboundError(
      'host-not-allowed',
      host,
      'has a private or link-local address, which is not allowed for it',
      { cause: error },
    );
  }
  const { code, name } = error as { code?: unknown; name?: string };
  const key = typeof code === 'string' ? code : name ?? 'unknown error';
  return new OutboundError(
    'unreachable',
    host,
    `did not answer: ${WORDS[key] ?? WORDS[name ?? ''] ?? otherWords(key)}`,
    { cause: error },
  );
}

function otherWords(key: string): string {
  if (
    /CERT|TLS|SSL|SELF_SIGNED|ISSUER|LEAF_SIGNATURE|PURPOSE|HOSTNAME/.test(key)
  ) {
    return `its TLS certificate was not accepted (${key})`;
  }
  return `the request failed (${key})`;
}
