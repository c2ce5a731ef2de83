import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createWorldServer } from '../../packages/demo-world/src/worldServer.ts';
import { addressOf } from '../stack/names.ts';
import { Cosign } from './cosign.ts';
import {
  type Evidence,
  type Signer,
  registryArtifacts,
  storedPlans,
} from './organization.ts';

/** What real cosign says of one signature or attestation of a world. */
export interface CosignVerdict {
  what: string;
  /** how cosign ought to refuse it; undefined when it ought to accept */
  expected: RegExp | undefined;
  /** why cosign refused it; undefined when it accepted */
  refusal: string | undefined;
}

/**
 * Has real cosign verify every piece of evidence of a recorded world, offline:
 * against the world's own trusted root and its files, each for the signer that
 * made it.
 *
 * @param worldDir - folder that holds `recorded/`
 */
export async function cosignVerdicts(
  worldDir: string,
): Promise<CosignVerdict[]> {
  const server = createWorldServer(worldDir).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const registry = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cosign = await Cosign.create();
  const recorded = path.join(worldDir, 'recorded');
  const root = `--trusted-root=${path.join(recorded, 'trusted_root.json')}`;
  const verdict = async (
    what: string,
    expected: RegExp | undefined,
    args: string[],
  ): Promise<CosignVerdict> => {
    const refusal = await cosign
      .run([...args.slice(0, 1), root, ...args.slice(1)])
      .then(
        () => undefined,
        error => String(error),
      );
    return { what, expected, refusal };
  };
  try {
    const verdicts: CosignVerdict[] = [];
    for (const artifact of registryArtifacts) {
      const image = `${registry}/${artifact.repository}:${artifact.tag}`;
      for (const evidence of artifact.evidence) {
        const what = `${evidence.made} of ${artifact.repository}:${artifact.tag}`;
        verdicts.push(
          await verdict(what, expectedRefusal(evidence), [
            ...command(evidence),
            image,
          ]),
        );
      }
    }
    for (const plan of storedPlans) {
      const blob = path.join(recorded, 'store', plan.path);
      verdicts.push(
        await verdict(
          `signature of ${plan.path}`,
          plan.changedAfterSigning && /invalid signature/,
          [
            'verify-blob',
            '--use-signed-timestamps',
            `--bundle=${blob}.sigstore.json`,
            ...signedBy(plan.by),
            blob,
          ],
        ),
      );
    }
    return verdicts;
  } finally {
    server.close();
    server.closeAllConnections();
    await cosign.dispose();
  }
}

function expectedRefusal({ made }: Evidence): RegExp | undefined {
  switch (made) {
    case 'late-signature':
      return /leaf certificate verification failed/;
    case 'copy-of-signature':
      return /artifact digest does not match/;
    // In the older layout cosign 3.1.2 stamps the signature of an attestation but,
    // when it verifies, still looks for the stamp of the whole envelope, as
    // cosign 2 wrote it. The evidence is sound; cosign refuses its own.
    case 'legacy-provenance':
      return /hashed messages don't match/;
    default:
      return undefined;
  }
}

function command(evidence: Evidence): string[] {
  const legacy = [
    '--new-bundle-format=false',
    '--use-signed-timestamps',
    '--insecure-ignore-tlog',
  ];
  const http = '--allow-http-registry';
  const provenance = '--type=slsaprovenance1';
  switch (evidence.made) {
    case 'signature':
    case 'late-signature':
      return ['verify', http, ...signedBy(evidence.by)];
    case 'provenance':
      return ['verify-attestation', http, provenance, ...signedBy(evidence.by)];
    case 'legacy-signature':
      return ['verify', http, ...legacy, ...signedBy(evidence.by)];
    case 'legacy-provenance':
      return [
        'verify-attestation',
        http,
        provenance,
        ...legacy,
        ...signedBy(evidence.by),
      ];
    case 'copy-of-signature':
      return [
        'verify',
        http,
        '--certificate-identity-regexp=.*',
        `--certificate-oidc-issuer-regexp=.*`,
      ];
  }
}

function signedBy(signer: Signer): string[] {
  if ('person' in signer) {
    return [
      `--certificate-identity=${signer.person}`,
      `--certificate-oidc-issuer=${addressOf('personIssuer')}`,
    ];
  }
  const { repository, workflow, ref } = signer.run;
  return [
    `--certificate-identity=https://github.com/${repository}/.github/workflows/${workflow}@${ref}`,
    `--certificate-oidc-issuer=${addressOf('workflowIssuer')}`,
  ];
}
