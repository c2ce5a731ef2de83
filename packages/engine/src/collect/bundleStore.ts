import { ParsedReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { OutboundError } from '../outbound';
import { SourcePorts } from '../resolve';
import { readLocalFile } from '../resolve/localFiles';
import { recognizeBundle } from './bundleMediaTypes';
import { CAPS } from './caps';
import { EvidenceSource } from './evidence';
import { Gathering } from './Gathering';
import { sourceName } from './sourceNames';

/** What `cosign sign-blob --bundle` is told to write, and its older name. */
const SUFFIXES = ['.sigstore.json', '.sigstore'];

/**
 * A bundle that lies beside the file it is about, on a web server, in an
 * object store or in a folder.
 */
export const bundleStore: EvidenceSource = {
  name: 'bundle-store',
  covers: reference => reference.type !== 'oci',
  async collect(target, ports) {
    const source = sourceName(target.reference, 'bundleStore');
    const gathering = new Gathering(source, target, ports.now());
    for (const suffix of SUFFIXES) {
      try {
        const bytes = await read(target.reference, suffix, ports);
        gathering.addBundle(recognizeBundle(bytes), bytes);
      } catch (error) {
        gathering.fail(error);
      }
    }
    return gathering.result();
  },
};

async function read(
  reference: ParsedReference,
  suffix: string,
  ports: SourcePorts,
): Promise<Buffer> {
  const maxBytes = CAPS.documentBytes;
  if (reference.type === 'file') {
    return readLocalFile(reference.path + suffix, ports.fileRoots, maxBytes);
  }
  if (reference.type !== 'https') {
    throw new Error('a bundle store holds files only');
  }
  const { signal } = ports;
  const response = await ports.outbound.get(reference.url + suffix, {
    maxBytes,
    signal,
  });
  // Stores behind a login answer everything with a page; that is no bundle.
  const type = response.headers['content-type'] ?? '';
  const start = response.body.subarray(0, 64).toString('utf8').trimStart();
  if (type.startsWith('text/html') || start.startsWith('<')) {
    const words = 'answered with a web page where a bundle was expected';
    throw new OutboundError('unreachable', reference.host, words);
  }
  return response.body;
}
