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
  await eachChunk(body, limits, chunk => chunks.push(chunk));
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
  const size = await eachChunk(body, limits, chunk =>
    hashes.forEach(hash => hash.update(chunk)),
  );
  const [digest, ...otherDigests] = hashes.map(
    (hash, place) => `${names[place]}:${hash.digest('hex')}`,
  );
  return { digest, otherDigests, size };
}

async function eachChunk(
  body: Readable,
  limits: { host: string; maxBytes: number; headers?: ResponseHeaders },
  use: (chunk: Buffer) => void,
): Promise<number> {
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
    use(chunk);
  }
  return size;
}
