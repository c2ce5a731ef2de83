import { Readable } from 'node:stream';
import { cappedChunks, ResponseHeaders } from './cappedBody';
import { toOutboundError } from './networkErrors';

/**
 * Gives out the body of an answer, at most so many bytes of it. What goes wrong
 * on the way is an `OutboundError`.
 *
 * @param done - called once the body was read or given up
 */
export function rawBody(
  body: Readable,
  limits: { host: string; maxBytes: number; headers: ResponseHeaders },
  done: () => void,
): Readable {
  const given = Readable.from(withHost(body, limits), { objectMode: false });
  given.once('close', () => {
    body.once('error', () => {});
    body.destroy();
    done();
  });
  return given;
}

async function* withHost(
  body: Readable,
  limits: { host: string; maxBytes: number; headers: ResponseHeaders },
) {
  try {
    yield* cappedChunks(body, limits);
  } catch (error) {
    throw toOutboundError(error, limits.host);
  }
}
