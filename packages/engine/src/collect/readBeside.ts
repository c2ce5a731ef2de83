import {
  ParsedReference,
  StoredObject,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { OutboundError } from '../outbound';
import { SourcePorts } from '../resolve';
import { readLocalFile } from '../resolve/localFiles';
import { placeOf } from '../resolve/places';
import { NO_BUCKETS } from '../resolve/ObjectStore';
import { isCutShort } from './jsonObject';

/** A file, an object or what lies at an address: nothing of a registry. */
export type BlobReference = Exclude<ParsedReference, { type: 'oci' }>;

/** A document that lies beside an artifact. */
export type Beside = { bytes: Buffer; storage?: StoredObject };

/**
 * Reads what lies beside an artifact under its name and a suffix, at most
 * `maxBytes` of it. Throws `OutboundError`; `not-found` says that there is
 * nothing.
 */
export async function readBeside(
  reference: BlobReference,
  suffix: string,
  maxBytes: number,
  ports: SourcePorts,
): Promise<Beside> {
  const { signal } = ports;
  switch (reference.type) {
    case 'file': {
      const path = reference.path + suffix;
      return { bytes: await readLocalFile(path, ports.fileRoots, maxBytes) };
    }
    case 's3': {
      const { bytes, storage } = await (ports.buckets ?? NO_BUCKETS).read(
        { ...reference, key: reference.key + suffix },
        { maxBytes, signal },
      );
      assertNoPage(reference, bytes);
      return { bytes, storage: { ...storage, role: 'evidence' } };
    }
    default: {
      const url = reference.url + suffix;
      const answer = await ports.outbound.get(url, { maxBytes, signal });
      assertNoPage(reference, answer.body, answer.headers['content-type']);
      return { bytes: answer.body };
    }
  }
}

/**
 * Whether a document was not given in full: its JSON ends too early. A file of
 * ours is read to its end, so that one is broken.
 */
export function isGivenInPart(
  { type }: ParsedReference,
  bytes: Buffer,
): boolean {
  return type !== 'file' && isCutShort(bytes);
}

/** That a document was not given in full. */
export function cutShort(reference: ParsedReference): OutboundError {
  const words = 'answered with a document that is cut short';
  return new OutboundError('unreachable', placeOf(reference), words);
}

/** Stores behind a login answer everything with a page; that is no evidence. */
function assertNoPage(reference: BlobReference, bytes: Buffer, type = '') {
  const start = bytes.subarray(0, 64).toString('utf8').trimStart();
  if (!type.startsWith('text/html') && !start.startsWith('<')) return;
  const words = 'answered with a web page where a bundle was expected';
  throw new OutboundError('unreachable', placeOf(reference), words);
}
