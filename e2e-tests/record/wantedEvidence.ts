import { addressOf, names } from '../stack/names.ts';
import { personSubject } from '../stack/tokens.ts';
import type { EvidenceDescription } from './describeEvidence.ts';
import type { ManifestDescription } from './describeWorld.ts';
import { mediaTypes } from './mediaTypes.ts';
import {
  type Evidence,
  type RegistryArtifact,
  type Signer,
  registryArtifacts,
} from './organization.ts';
import { provenanceOf } from './provenance.ts';

/** How every logged signature is logged. */
export const logged = {
  origin: names.rekor,
  kind: 'hashedrekord 0.0.2',
  proved: true,
};

/** Media types an artifact of each kind is stored with. */
export const shapes: Record<RegistryArtifact['kind'], object> = {
  image: {
    mediaType: mediaTypes.manifest,
    config: mediaTypes.imageConfig,
    layers: [mediaTypes.imageLayer],
    platforms: [],
  },
  'multi-arch-image': {
    mediaType: mediaTypes.index,
    layers: [],
    platforms: ['linux/amd64', 'linux/arm64'],
  },
  'terraform-module': {
    mediaType: mediaTypes.manifest,
    artifactType: mediaTypes.tofuModule,
    config: mediaTypes.empty,
    layers: [mediaTypes.zip],
    platforms: [],
  },
  'policy-bundle': {
    mediaType: mediaTypes.manifest,
    artifactType: mediaTypes.opaConfig,
    config: mediaTypes.opaConfig,
    layers: [mediaTypes.compressedLayer],
    platforms: [],
  },
};

/** The media types a manifest is stored with, in the form of `shapes`. */
export function shapeOf(manifest: ManifestDescription): object {
  return {
    mediaType: manifest.mediaType,
    ...(manifest.artifactType ? { artifactType: manifest.artifactType } : {}),
    ...(manifest.config ? { config: manifest.config.mediaType } : {}),
    layers: manifest.layers.map(layer => layer.mediaType),
    platforms: manifest.children.map(({ platform }) => {
      const { os, architecture } = platform as {
        os: string;
        architecture: string;
      };
      return `${os}/${architecture}`;
    }),
  };
}

/** What a piece of evidence must be, by the definition of the organization. */
export function wantedEvidence(
  artifact: RegistryArtifact,
  evidence: Evidence,
): EvidenceDescription {
  const { repository, tag } = artifact;
  const signature = (subject: object) => ({
    payloadType: 'application/vnd.in-toto+json',
    _type: 'https://in-toto.io/Statement/v1',
    subject: [subject],
    predicateType: 'https://sigstore.dev/cosign/sign/v1',
    predicate: {},
  });
  switch (evidence.made) {
    case 'signature':
    case 'late-signature':
      return {
        format: mediaTypes.bundle,
        signed: signature(
          evidence.made === 'signature'
            ? { annotations: {}, digest: { sha256: tag } }
            : { digest: { sha256: tag } },
        ),
        ...wantedSigner(evidence.by),
        logs: [logged],
        timestamps: [evidence.made === 'signature' ? 'inside' : 'outside'],
      };
    case 'copy-of-signature': {
      const original = registryArtifacts.find(
        one => one.repository === repository && one.tag === evidence.of,
      )!;
      return wantedEvidence(original, original.evidence[0]);
    }
    case 'legacy-signature':
      return {
        format: 'application/vnd.dev.cosign.simplesigning.v1+json',
        signed: {
          critical: {
            identity: { 'docker-reference': `${names.registry}/${repository}` },
            image: { 'docker-manifest-digest': tag },
            type: 'cosign container image signature',
          },
          optional: null,
        },
        ...wantedSigner(evidence.by),
        logs: [],
        timestamps: ['inside'],
      };
    case 'provenance':
    case 'legacy-provenance':
      return {
        format:
          evidence.made === 'provenance'
            ? mediaTypes.bundle
            : 'application/vnd.dsse.envelope.v1+json',
        signed: {
          payloadType: 'application/vnd.in-toto+json',
          _type: 'https://in-toto.io/Statement/v0.1',
          subject: [
            {
              name: `${names.registry}/${repository}`,
              digest: { sha256: tag },
            },
          ],
          predicateType: 'https://slsa.dev/provenance/v1',
          predicate: provenanceOf(evidence.by.run),
        },
        ...wantedSigner(evidence.by),
        logs: evidence.made === 'provenance' ? [logged] : [],
        timestamps: ['inside'],
      };
  }
}

/** The identity and extensions a signer's certificate must have. */
export function wantedSigner(
  signer: Signer,
): Pick<EvidenceDescription, 'identity' | 'extensions'> {
  if ('person' in signer) {
    const issuer = addressOf('personIssuer');
    const subject = personSubject(signer.person);
    return {
      identity: signer.person,
      extensions: { 1: issuer, 8: issuer, 24: subject },
    };
  }
  const { run } = signer;
  const repository = `https://github.com/${run.repository}`;
  const workflow = `${repository}/.github/workflows/${run.workflow}@${run.ref}`;
  const issuer = addressOf('workflowIssuer');
  return {
    identity: workflow,
    extensions: {
      1: issuer,
      2: run.event,
      3: run.commit,
      4: run.workflowName,
      5: run.repository,
      6: run.ref,
      8: issuer,
      9: workflow,
      10: run.commit,
      11: 'github-hosted',
      12: repository,
      13: run.commit,
      14: run.ref,
      15: run.repositoryId,
      16: 'https://github.com/acme',
      17: run.ownerId,
      18: workflow,
      19: run.commit,
      20: run.event,
      21: `${repository}/actions/runs/${run.runId}/attempts/1`,
      22: 'private',
      ...(run.environment ? { 23: run.environment } : {}),
      24: run.environment
        ? `repo:${run.repository}:environment:${run.environment}`
        : `repo:${run.repository}:ref:${run.ref}`,
    },
  };
}
