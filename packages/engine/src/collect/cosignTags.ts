import { OciRepository } from '../resolve/OciRepository';
import { evidenceLayers, readEvidenceLayers } from './attachedLayers';
import { EvidenceSource } from './evidence';
import { Gathering } from './Gathering';
import { sourceName } from './sourceNames';

/**
 * Evidence under the tags that cosign 1 and 2 wrote beside an artifact:
 * `sha256-….sig` for signatures, `sha256-….att` for attestations.
 */
export const cosignSignatureTag = tagSource('oci-signature-tag', 'sig');
export const cosignAttestationTag = tagSource('oci-attestation-tag', 'att');

const QUESTIONS = { sig: 'signatureTag', att: 'attestationTag' } as const;

function tagSource(name: string, suffix: 'sig' | 'att'): EvidenceSource {
  return {
    name,
    covers: reference => reference.type === 'oci',
    async collect(target, ports) {
      const { reference, artifact } = target;
      const source = sourceName(reference, QUESTIONS[suffix]);
      const gathering = new Gathering(source, target, ports.now());
      if (reference.type !== 'oci') return gathering.result();
      const repository = new OciRepository(reference, ports);
      try {
        const tag = `${artifact.digest.replace(':', '-')}.${suffix}`;
        const document = await repository.manifest(tag);
        if (document.type === 'manifest') {
          const layers = evidenceLayers(document.manifest, gathering);
          await readEvidenceLayers(layers, { repository, gathering, target });
        } else {
          gathering.unsupported(`${document.mediaType} under a .${suffix} tag`);
        }
      } catch (error) {
        gathering.fail(error);
      }
      return gathering.result();
    },
  };
}
