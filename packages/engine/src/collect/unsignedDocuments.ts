import { SourcePorts } from '../resolve';
import { OciRepository } from '../resolve/OciRepository';
import { CollectTarget, EvidenceSource } from './evidence';
import { Gathering } from './Gathering';

/**
 * Documents that lie beside an artifact and that nobody signed: what cosign
 * wrote under the tag `sha256-….sbom`, and what BuildKit puts into an index.
 * They are asked for only where nothing signed was found, and are told apart
 * from signatures; whether they can be read decides nothing.
 */
export const unsignedDocuments: EvidenceSource = {
  name: 'unsigned-documents',
  afterOthers: true,
  covers: reference => reference.type === 'oci',
  async collect(target, ports) {
    const gathering = new Gathering('unsigned documents', target, ports.now());
    if (!target.collected?.length) {
      for (const detail of [
        ...fromBuildKit(target),
        ...(await underSbomTag(target, ports)),
      ]) {
        gathering.notice({ code: 'unsigned-document', detail });
      }
    }
    return { ...gathering.result(), lookups: [] };
  },
};

function fromBuildKit({ artifact }: CollectTarget): string[] {
  const count = artifact.children.filter(child => child.isAttestation).length;
  return count > 0
    ? [`the index lists ${count} attestation manifests of BuildKit`]
    : [];
}

async function underSbomTag(
  { reference, artifact }: CollectTarget,
  ports: SourcePorts,
): Promise<string[]> {
  if (reference.type !== 'oci') return [];
  try {
    const tag = `${artifact.digest.replace(':', '-')}.sbom`;
    const document = await new OciRepository(reference, ports).manifest(tag);
    const layers = document.type === 'manifest' ? document.manifest.layers : [];
    const types = layers.map(({ mediaType }) => mediaType);
    return [`${types[0] ?? document.mediaType} under the tag ${tag}`];
  } catch {
    // Nothing that is not there, or cannot be read, is a signature.
    return [];
  }
}
