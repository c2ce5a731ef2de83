import { addressOf } from '../names.ts';
import type { Cosign } from '../../record/cosign.ts';
import { provenanceOf } from '../../record/provenance.ts';
import { timestampAddress } from '../../record/trustMaterial.ts';
import { cosignEnvironment } from './cases.ts';
import { identities, run as workflowRun } from './identities.ts';
import { type Way, attestedBy, isBlob } from './ways.ts';

/** What cosign signs with. */
export interface SigningMeans {
  cosign: Cosign;
  issuerKey: string;
  trustedRoot: string;
  /** by log: files in which the services are named */
  signingConfigs: Record<NonNullable<Way['log']> | 'none', string>;
  /** a key pair, as paths of files */
  key: { private: string; public: string };
  /** paths of files, with what is attested */
  predicates: Record<'provenance' | 'sbom', string>;
}

/** What `cosign attest --type` calls what is attested, and the statement's type. */
export const predicateTypes = {
  provenance: {
    flag: 'slsaprovenance1',
    type: 'https://slsa.dev/provenance/v1',
  },
  sbom: { flag: 'cyclonedx', type: 'https://cyclonedx.org/bom' },
} as const;

/** What the files of `SigningMeans.predicates` hold. */
export const predicates = {
  provenance: provenanceOf(workflowRun),
  sbom: {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    components: [{ type: 'library', name: 'left-pad', version: '1.3.0' }],
  },
};

/**
 * Has cosign sign an artifact in a way of the table.
 *
 * @param target - name of the image, or path of the file
 * @param bundle - path at which to keep the bundle, where cosign makes one
 * @throws with cosign's words when it does not
 */
export async function signWay(
  way: Way,
  target: string,
  bundle: string,
  means: SigningMeans,
): Promise<void> {
  const { cosign } = means;
  const signer =
    way.by === 'key'
      ? `--key=${means.key.private}`
      : `--identity-token=${identities[way.by].token(means.issuerKey)}`;
  const options = [
    '--yes',
    signer,
    `--trusted-root=${means.trustedRoot}`,
    ...(way.format === 'bundle'
      ? [`--signing-config=${means.signingConfigs[way.log ?? 'none']}`]
      : legacyServices(way)),
    ...(way.format === 'bundle' || isBlob(way) ? [`--bundle=${bundle}`] : []),
  ];
  const run = (...args: string[]) => cosign.run(args, cosignEnvironment(way));
  switch (way.made) {
    case 'signature':
      await run('sign', ...options, target);
      return;
    case 'blob-signature':
      await run('sign-blob', ...options, target);
      return;
    default:
      await run(
        isBlob(way) ? 'attest-blob' : 'attest',
        ...options,
        `--type=${predicateTypes[attestedBy(way)!].flag}`,
        `--predicate=${means.predicates[attestedBy(way)!]}`,
        target,
      );
  }
}

/** The older layout takes its services from flags and can do without a log. */
function legacyServices(way: Way): string[] {
  return [
    '--new-bundle-format=false',
    '--use-signing-config=false',
    ...(way.format === 'referrers'
      ? ['--registry-referrers-mode=oci-1-1']
      : []),
    ...(way.place === 'log' && !isBlob(way) ? ['--upload=false'] : []),
    `--fulcio-url=${addressOf('fulcio')}`,
    ...(way.log
      ? [`--rekor-url=${addressOf(way.log)}`]
      : ['--tlog-upload=false', `--timestamp-server-url=${timestampAddress}`]),
  ];
}
