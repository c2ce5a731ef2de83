import { builtAt, tar, tarGzip, zip } from './archives.ts';
import { mediaTypes } from './mediaTypes.ts';
import {
  type Descriptor,
  type Manifest,
  OciRepository,
  digestOf,
} from './ociClient.ts';
import type { RegistryArtifact } from './organization.ts';

/**
 * Makes an artifact from scratch and uploads it: the same bytes at every
 * recording.
 */
export async function upload(
  registry: string,
  artifact: RegistryArtifact,
): Promise<void> {
  const repository = new OciRepository(registry, artifact.repository);
  await makers[artifact.kind](repository, artifact);
}

/** The empty blob that OCI asks for where an artifact has no configuration. */
export const emptyJson = Buffer.from('{}');

type Maker = (
  repository: OciRepository,
  artifact: RegistryArtifact,
) => Promise<void>;

const makers: Record<RegistryArtifact['kind'], Maker> = {
  image: async (repository, artifact) => {
    await repository.putManifest(
      await image(repository, artifact, 'amd64'),
      artifact.tag,
    );
  },

  'multi-arch-image': async (repository, artifact) => {
    const manifests: Descriptor[] = [];
    for (const architecture of ['amd64', 'arm64']) {
      const child = await repository.putManifest(
        await image(repository, artifact, architecture),
      );
      manifests.push({ ...child, platform: { os: 'linux', architecture } });
    }
    const index: Manifest = {
      schemaVersion: 2,
      mediaType: mediaTypes.index,
      manifests,
      annotations: annotations(artifact),
    };
    await repository.putManifest(index, artifact.tag);
  },

  // As OpenTofu reads modules from a registry: a zip archive under its own types.
  'terraform-module': async (repository, artifact) => {
    const name = artifact.repository.split('/').at(-1);
    const archive = zip({
      'main.tf': `# ${name} ${artifact.tag}\nvariable "name" {\n  type = string\n}\n`,
      'README.md': `# ${name}\n`,
    });
    await repository.putManifest(
      {
        schemaVersion: 2,
        mediaType: mediaTypes.manifest,
        artifactType: mediaTypes.tofuModule,
        config: await repository.putBlob(emptyJson, mediaTypes.empty),
        layers: [await repository.putBlob(archive, mediaTypes.zip)],
        annotations: annotations(artifact),
      },
      artifact.tag,
    );
  },

  // As OPA downloads bundles from a registry: one compressed layer.
  'policy-bundle': async (repository, artifact) => {
    const archive = tarGzip({
      '/.manifest': JSON.stringify({
        revision: artifact.tag,
        roots: ['admission'],
      }),
      '/admission/baseline.rego': [
        'package admission.baseline',
        '',
        'deny contains "containers run as root" if input.spec.securityContext.runAsUser == 0',
        '',
      ].join('\n'),
    });
    await repository.putManifest(
      {
        schemaVersion: 2,
        mediaType: mediaTypes.manifest,
        artifactType: mediaTypes.opaConfig,
        config: await repository.putBlob(emptyJson, mediaTypes.opaConfig),
        layers: [await repository.putBlob(archive, mediaTypes.compressedLayer)],
        annotations: annotations(artifact),
      },
      artifact.tag,
    );
  },
};

async function image(
  repository: OciRepository,
  artifact: RegistryArtifact,
  architecture: string,
): Promise<Manifest> {
  const name = artifact.repository.split('/').at(-1);
  const layer = tar({
    [`app/${name}`]: `${name} ${artifact.tag} for ${architecture}\n`,
  });
  const config = {
    created: builtAt,
    architecture,
    os: 'linux',
    config: { Entrypoint: [`/app/${name}`], Labels: annotations(artifact) },
    rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
  };
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: await repository.putBlob(
      Buffer.from(JSON.stringify(config)),
      mediaTypes.imageConfig,
    ),
    layers: [await repository.putBlob(layer, mediaTypes.imageLayer)],
    annotations: annotations(artifact),
  };
}

function annotations(artifact: RegistryArtifact): Record<string, string> {
  return {
    'org.opencontainers.image.created': builtAt,
    'org.opencontainers.image.source': `https://github.com/${artifact.source}`,
    'org.opencontainers.image.version': artifact.tag,
  };
}
