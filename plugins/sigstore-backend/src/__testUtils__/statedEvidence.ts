import {
  Finding,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  ENGINE_REVISION,
  VerificationProfile,
} from '@cloudythings/sigstore-engine';
import { createHash } from 'node:crypto';
import { FlowPorts } from '../flow/ports';
import { CountingSource } from './flow';

/** Evidence of a test: what verifying it gives is what it says. */
export type Stated = {
  signer: string;
  predicateType?: string;
  publicKey?: boolean;
};

export const ISSUER = 'https://token.actions.githubusercontent.com';

/** Bytes of evidence, and the digest that names it. */
export function bytesOf(stated: Stated): { bytes: Buffer; digest: string } {
  const bytes = Buffer.from(JSON.stringify(stated));
  const hex = createHash('sha256').update(bytes).digest('hex');
  return { bytes, digest: `sha256:${hex}` };
}

/** A source that gives the evidence it is told to, or falls silent. */
export class StatingSource extends CountingSource {
  /** As the bundle store calls its lookups. */
  place = 'local files bundle beside the file';
  /** By the digest of the artifact; for all others `otherwise`. */
  readonly of = new Map<string, Stated[]>();
  otherwise: Stated[] = [];
  isSilent = false;

  async collect(
    target: Parameters<CountingSource['collect']>[0],
    ports: Parameters<CountingSource['collect']>[1],
  ): ReturnType<CountingSource['collect']> {
    const answer = await super.collect(target, ports);
    const lookup = { ...answer.lookups[0], source: this.place };
    if (this.isSilent) {
      const cause = 'it did not answer';
      return {
        ...answer,
        lookups: [{ ...lookup, outcome: 'unreachable', cause }],
      };
    }
    const artifactDigest = target.artifact.digest;
    const evidence = (this.of.get(artifactDigest) ?? this.otherwise).map(
      stated => ({
        ...bytesOf(stated),
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        source: this.place,
        artifactDigest,
      }),
    );
    const outcome = evidence.length > 0 ? 'found' : 'none';
    return { ...answer, lookups: [{ ...lookup, outcome }], evidence };
  }
}

/**
 * Believes what evidence says of itself, but for keys that nobody trusts, or
 * finds fault with all of it.
 */
export class BelievingVerifier {
  fault: Finding | undefined;
  verified = 0;

  readonly verify: FlowPorts['verifier']['verify'] = async (
    evidence,
    artifactDigest,
    profile,
  ) => {
    this.verified += 1;
    const stated: Stated = JSON.parse(evidence.bytes.toString());
    const isKnown =
      !stated.publicKey ||
      profile.material.keys.some(({ digest }) => digest === stated.signer);
    const fault = isKnown ? this.fault : { code: 'key-unknown' as const };
    return verificationOf(stated, artifactDigest, profile, fault);
  };
}

/** What verifying stated evidence gives. */
export function verificationOf(
  stated: Stated,
  artifactDigest: string,
  { name, digest }: Pick<VerificationProfile, 'name' | 'digest'>,
  fault?: Finding,
): Verification {
  const { signer, predicateType, publicKey } = stated;
  return {
    evidenceDigest: bytesOf(stated).digest,
    artifactDigest,
    trustedRoot: name,
    profileDigest: digest,
    engineRevision: ENGINE_REVISION,
    checks: [],
    findings: fault ? [fault] : [],
    ...(fault
      ? {}
      : {
          facts: {
            signer: {
              trustedRoot: name,
              issuer: publicKey ? '' : ISSUER,
              identity: signer,
              identityType: publicKey ? 'public-key' : 'uri',
              extensions: {},
            },
            times: [
              {
                time: '2026-11-19T12:00:00.000Z',
                source: 'transparency-log',
                authority: 'https://rekor.sigstore.dev',
              },
            ],
            logEntries: [],
            content: predicateType
              ? { type: 'in-toto', predicateType, statement: {} }
              : { type: 'message-signature' },
          },
        }),
  };
}

/** A policy as a file has it. */
export function policyText(
  name: string,
  rule: {
    kind?: string;
    signer?: string;
    more?: string;
    artifact?: string;
    keys?: string[];
  } = {},
): string {
  const { kind = 'terraform-plan', signer = 'release', keys = [] } = rule;
  const authorities = [
    `    - name: release
      keyless:
        trustedRoot: public-good
        identities: [{ issuer: '${ISSUER}', subject: '${signer}' }]`,
    ...keys.map(
      (pem, index) => `    - name: key-${index}
      key:
        trustedRoot: public-good
        data: ${JSON.stringify(pem)}`,
    ),
  ];
  return `---
apiVersion: cloudythings.io/v1alpha1
kind: TrustPolicy
metadata: { name: ${name} }
spec:
  artifacts: [{ kind: ${kind}${rule.artifact ?? ''} }]
  ${rule.more ?? 'mode: enforce'}
  authorities:
${authorities.join('\n')}
`;
}
