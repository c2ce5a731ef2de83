import { constants } from 'node:fs';
import { FileHandle, open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { HashedBytes, hashBody } from '../outbound/cappedBody';
import { OutboundError } from '../outbound/OutboundError';
import { FileRoots } from './ports';

/** How local files are called where another source would be called by its host. */
export const LOCAL_FILES = 'local files';

/**
 * Hashes a file below the configured folders while reading it; the bytes are
 * not kept. Throws `OutboundError`, as for a file on a host.
 */
export function hashLocalFile(
  path: string,
  roots: FileRoots,
  limits: { maxBytes: number; signal?: AbortSignal },
): Promise<HashedBytes> {
  return withFile(path, roots, handle =>
    hashBody(
      handle.createReadStream({ autoClose: false, signal: limits.signal }),
      { host: LOCAL_FILES, maxBytes: limits.maxBytes },
    ),
  );
}

/**
 * Reads a file below the configured folders, at most `maxBytes` of it. Throws
 * `OutboundError`, as for a file on a host.
 */
export function readLocalFile(
  path: string,
  roots: FileRoots,
  maxBytes: number,
): Promise<Buffer> {
  return withFile(path, roots, async handle => {
    const buffer = Buffer.alloc(
      Math.min((await handle.stat()).size, maxBytes) + 1,
    );
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > maxBytes) {
      const words = `hold a document of more than ${maxBytes} bytes`;
      throw new OutboundError('over-cap', LOCAL_FILES, words);
    }
    return buffer.subarray(0, length);
  });
}

async function withFile<T>(
  path: string,
  roots: FileRoots,
  use: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    handle = await openBelow(path, roots);
    return await use(handle);
  } catch (error) {
    throw toFailure(error);
  } finally {
    await handle?.close();
  }
}

/**
 * Opens first and asks afterwards where the opened file really lies, so that
 * exchanging a folder for a link in between gains nothing.
 */
async function openBelow(path: string, roots: FileRoots): Promise<FileHandle> {
  const candidates = roots
    .map(root => ({ root, candidate: resolve(root, path) }))
    .filter(({ root, candidate }) => isBelow(candidate, root))
    .map(({ candidate }) => candidate);
  if (candidates.length === 0) throw outside();
  const realRoots = await Promise.all(
    roots.map(root => realpath(root).catch(() => undefined)),
  );
  let missing: unknown;
  for (const candidate of new Set(candidates)) {
    try {
      return await openChecked(candidate, realRoots);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      missing = error;
    }
  }
  throw missing;
}

async function openChecked(
  path: string,
  realRoots: (string | undefined)[],
): Promise<FileHandle> {
  // Without O_NONBLOCK, opening a named pipe would wait for a writer.
  const handle = await open(path, constants.O_RDONLY + constants.O_NONBLOCK);
  try {
    const real = await realpath(path);
    const [opened, named] = await Promise.all([
      handle.stat({ bigint: true }),
      stat(real, { bigint: true }),
    ]);
    const isSame = opened.dev === named.dev && opened.ino === named.ino;
    const isInside = realRoots.some(root => root && isBelow(real, root));
    if (!isSame || !isInside) throw outside();
    if (!opened.isFile()) {
      const words = 'have something there that is not a regular file';
      throw new OutboundError('unsupported', LOCAL_FILES, words);
    }
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '' && way.split(sep)[0] !== '..' && !isAbsolute(way);
}

function outside(): OutboundError {
  return new OutboundError(
    'host-not-allowed',
    LOCAL_FILES,
    'are read only in the configured folders, and this one lies outside',
  );
}

function toFailure(error: unknown): OutboundError {
  if (error instanceof OutboundError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new OutboundError('not-found', LOCAL_FILES, 'have nothing there');
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const words = 'may not be read by this process there';
    return new OutboundError('refused', LOCAL_FILES, words, { cause: error });
  }
  const words = `could not be read (${code ?? (error as Error).name})`;
  return new OutboundError('unreachable', LOCAL_FILES, words, { cause: error });
}
