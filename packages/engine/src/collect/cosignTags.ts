import { evidenceLayers, readEvidenceLayers } from './attachedLayers';
import { EvidenceSource } from './evidence';
import {
  AskRepository,
  askRepositories,
  SignatureRepository,
} from './ociPlaces';

const QUESTIONS = { sig: 'signatureTag', att: 'attestationTag' } as const;

/**
 * Evidence under a tag that cosign 1 and 2 write beside an artifact, and Tekton
 * Chains too: `sha256-….sig` for signatures, `sha256-….att` for attestations.
 *
 * @param separate - repositories that hold the signatures of others
 */
export function cosignTag(
  suffix: 'sig' | 'att',
  separate: readonly SignatureRepository[] = [],
): EvidenceSource {
  return {
    name: `oci-${suffix}-tag`,
    covers: reference => reference.type === 'oci',
    collect: (target, ports) =>
      askRepositories(
        QUESTIONS[suffix],
        { target, ports, separate },
        askTag(suffix),
      ),
  };
}

/** Reads what lies under a tag beside one artifact. Throws `OutboundError`. */
export function askTag(suffix: 'sig' | 'att'): AskRepository {
  return async (repository, gathering, target) => {
    const tag = `${target.artifact.digest.replace(':', '-')}.${suffix}`;
    const document = await repository.manifest(tag);
    if (document.type === 'manifest') {
      const layers = evidenceLayers(document.manifest, gathering);
      await readEvidenceLayers(layers, { repository, gathering, target });
    } else {
      gathering.unsupported(`${document.mediaType} under a .${suffix} tag`);
    }
  };
}
