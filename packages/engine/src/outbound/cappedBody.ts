import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { OutboundError } from './OutboundError';

/**
 * Headers by lower-case name; repeated ones joined as HTTP does.
 *
 * @public
 */
export type ResponseHeaders = Record<string, string>;

/**
 * Reads a body into memory, at most `maxBytes` of it: a longer one is given up
 * on as soon as that is known, from its announced length or while reading.
 *
 * Throws `OutboundError` (`over-cap`).
 */
export async function readBody(
  body: Readable,
  limits: { host: string; maxBytes: number; headers: ResponseHeaders },
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of cappedChunks(body, limits)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * What hashing bytes gives without keeping them.
 *
 * @public
 */
export type HashedBytes = {
  /** `sha256:…` */
  digest: string;
  /** `sha384:…` and `sha512:…`: some statements name nothing else. */
  otherDigests: string[];
  size: number;
};

/**
 * Reads a body only to hash it; nothing of it is kept.
 *
 * Throws `OutboundError` (`over-cap`).
 */
export async function hashBody(
  body: Readable,
  limits: { host: string; maxBytes: number; headers?: ResponseHeaders },
): Promise<HashedBytes> {
  const names = ['sha256', 'sha384', 'sha512'];
  const hashes = names.map(name => createHash(name));
  let size = 0;
  for await (const chunk of cappedChunks(body, limits)) {
    hashes.forEach(hash => hash.update(chunk));
    size += chunk.length;
  }
  const [digest, ...otherDigests] = hashes.map(
    (hash, place) => `${names[place]}:${hash.digest('hex')}`,
  );
  return { digest, otherDigests, size };
}

/**
 * Gives the chunks of a body until it turns out to be longer than is read.
 *
 * Throws `OutboundError` (`over-cap`).
 */
export async function* cappedChunks(
  body: Readable,
  limits: { host: string; maxBytes: number; headers?: ResponseHeaders },
): AsyncGenerator<Buffer> {
  const { host, maxBytes, headers } = limits;
  const overCap = () =>
    new OutboundError(
      'over-cap',
      host,
      `holds a document of more than ${maxBytes} bytes`,
    );
  if (Number(headers?.['content-length'] ?? 0) > maxBytes) {
    body.once('error', () => {});
    body.destroy();
    throw overCap();
  }
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw overCap();
    yield chunk;
  }
}
