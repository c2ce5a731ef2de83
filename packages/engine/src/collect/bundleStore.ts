import { EvidenceBeside } from './EvidenceBeside';
import { EvidenceSource } from './evidence';
import { Gathering } from './Gathering';
import { sourceName } from './sourceNames';

/**
 * Evidence that lies beside the file it is about, on a web server, in an object
 * store or in a folder: bundles, lines of attestations, and the separate files
 * of older versions of cosign.
 *
 * @public
 */
export const bundleStore: EvidenceSource = {
  name: 'bundle-store',
  covers: reference => reference.type !== 'oci',
  async collect(target, ports) {
    const source = sourceName(target.reference, 'bundleStore');
    const gathering = new Gathering(source, target, ports.now());
    const { reference } = target;
    if (reference.type === 'oci') return gathering.result();
    const beside = new EvidenceBeside(reference, target, gathering, ports);
    const storage = await beside.gather();
    return {
      ...gathering.result(),
      ...(storage.length > 0 ? { storage } : {}),
    };
  },
};
