import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { Evidence } from '@cloudythings/sigstore-engine';
import { UsageError } from '../UsageError';

/** As much as is read of a bundle from anywhere else, with room for several. */
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_PIECES = 32;

/** A bundle file: usually one bundle, or one on each line. */
export type BundleFile = {
  path: string;
  pieces: Evidence[];
  /** Why not all of it was read. */
  overCap?: string;
};

/**
 * Reads a bundle file. What is in it is for verification to say.
 *
 * @param path - absolute
 * @throws UsageError when there is nothing to read
 */
export async function readBundleFile(path: string): Promise<BundleFile> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) {
      const overCap = `holds more than ${MAX_BYTES} bytes`;
      return { path, pieces: [], overCap };
    }
    const parts = split(await readFile(path));
    const pieces = parts.slice(0, MAX_PIECES).map(toEvidence);
    return parts.length > MAX_PIECES
      ? { path, pieces, overCap: `holds more than ${MAX_PIECES} bundles` }
      : { path, pieces };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `--bundle ${path} cannot be read (${
        code === 'ENOENT' ? 'there is none' : code ?? message
      }). Check the path and who may read it.`,
    );
  }
}

/** Lines count as bundles only where the whole is no JSON and each of them is. */
function split(bytes: Buffer): Buffer[] {
  if (isJson(bytes.toString('utf8'))) return [bytes];
  const lines = bytes
    .toString('utf8')
    .split('\n')
    .filter(line => line.trim() !== '');
  return lines.length > 1 && lines.every(isJson)
    ? lines.map(line => Buffer.from(line, 'utf8'))
    : [bytes];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function toEvidence(bytes: Buffer): Evidence {
  const hex = createHash('sha256').update(bytes).digest('hex');
  return {
    digest: `sha256:${hex}`,
    mediaType: mediaTypeOf(bytes),
    bytes,
  };
}

/** Only shown; the bytes alone tell how they are read. */
function mediaTypeOf(bytes: Buffer): string {
  try {
    const { mediaType } = JSON.parse(bytes.toString('utf8'));
    return typeof mediaType === 'string' ? mediaType : 'application/json';
  } catch {
    return 'application/octet-stream';
  }
}
