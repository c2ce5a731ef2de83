import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  EvidenceSource,
  bundleStore,
  ociSources,
} from '@cloudythings/sigstore-engine';
import { UsageError } from '../UsageError';
import { NamedArtifact } from './artifact';

/**
 * Where evidence of an artifact is looked for.
 *
 * @param repositories - `--signature-repository`: what cosign is told by
 * COSIGN_REPOSITORY
 * @throws UsageError
 */
export function evidenceSources(
  named: NamedArtifact,
  repositories: string[],
): EvidenceSource[] {
  const image = imageOf(named);
  if (repositories.length > 0 && !image) {
    throw new UsageError(
      '--signature-repository is for artifacts in a registry. Leave it out, or give --bundle.',
    );
  }
  const signatureRepositories = repositories.map(text => ({
    images: image ?? '',
    repository: readRepository(text),
  }));
  return [...ociSources({ signatureRepositories }), bundleStore];
}

function imageOf(named: NamedArtifact): string | undefined {
  if (named.type === 'digest' || named.parsed.type !== 'oci') return undefined;
  return `${named.parsed.host}/${named.parsed.repository}`;
}

function readRepository(text: string): string {
  const parsed = /@|:[^/]*$/.test(text) ? undefined : parseReference(text);
  if (!parsed?.ok || parsed.parsed.type !== 'oci') {
    throw new UsageError(
      `--signature-repository ${text} is not a repository. Write it as ghcr.io/acme/signatures, without tag.`,
    );
  }
  return `${parsed.parsed.host}/${parsed.parsed.repository}`;
}
