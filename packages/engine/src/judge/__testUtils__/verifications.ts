import { createHash } from 'crypto';
import {
  Distrust,
  FindingCode,
  KeylessIdentity,
  Signer,
  TrustPolicy,
  TrustPolicyAuthority,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeInput } from '../judge';

export const DIGEST = `sha256:${'a'.repeat(64)}`;
export const GITHUB = 'https://token.actions.githubusercontent.com';
export const RELEASE =
  'https://github.com/acme/checkout/.github/workflows/release.yml@refs/heads/main';

/** What a verification under test differs in. */
export type Shape = Partial<
  Pick<Signer, 'identity' | 'issuer' | 'identityType'>
> & {
  root?: string;
  extensions?: Record<string, string>;
  predicateType?: string;
  predicate?: unknown;
  time?: string;
  /** Instead of the one time. */
  times?: string[];
  /** Tells pieces of evidence apart. */
  name?: string;
};

/** A verification in which every check held. */
export function sound(shape: Shape = {}): Verification {
  const {
    root = 'acme',
    issuer = GITHUB,
    identity = RELEASE,
    identityType = 'uri',
    extensions = {},
    predicateType,
    time = '2026-01-02T03:04:05.000Z',
  } = shape;
  return {
    ...verification(root, shape.name ?? JSON.stringify(shape)),
    checks: [{ name: 'signature', outcome: 'passed' }],
    facts: {
      signer: {
        trustedRoot: root,
        issuer,
        identity,
        identityType,
        extensions: { issuer, ...extensions },
      },
      certificate: {
        serialNumber: '01',
        issuerName: 'CN=test',
        notBefore: time,
        notAfter: time,
        fingerprint: 'ab',
        pem: '',
      },
      times: (shape.times ?? [time]).map(at => ({
        time: at,
        source: 'timestamp-authority',
        authority: 'test',
      })),
      logEntries: [],
      content:
        predicateType === undefined
          ? { type: 'message-signature' }
          : {
              type: 'in-toto',
              predicateType,
              ...(shape.predicate === undefined
                ? {}
                : { statement: { predicate: shape.predicate } }),
            },
    },
    findings: [],
  };
}

/** A verification in which checks failed, the first one deciding. */
export function failing(
  codes: FindingCode[],
  { root = 'acme', name = codes.join() }: { root?: string; name?: string } = {},
): Verification {
  return {
    ...verification(root, name),
    checks: [
      { name: 'signature', outcome: 'failed', finding: { code: codes[0] } },
    ],
    findings: codes.map(code => ({ code })),
  };
}

function verification(trustedRoot: string, name: string) {
  const hash = createHash('sha256').update(name).digest('hex');
  return {
    evidenceDigest: `sha256:${hash}`,
    artifactDigest: DIGEST,
    trustedRoot,
    profileDigest: `sha256:${'b'.repeat(64)}`,
    engineRevision: 'test',
  };
}

/** A policy for images by one authority. */
export function policy(
  name: string,
  changes: {
    kind?: 'image' | 'manifest';
    reference?: string;
    trustedRoot?: string;
    identity?: KeylessIdentity;
    predicateTypes?: string[];
    mode?: 'enforce' | 'warn';
    extensions?: Record<string, string>;
    /** Instead of what the authority says. */
    authority?: Partial<TrustPolicyAuthority>;
    /** Besides what the policy says. */
    spec?: Partial<TrustPolicy['spec']>;
  } = {},
): TrustPolicy {
  const { kind = 'image', reference = 'ghcr.io/acme/**' } = changes;
  return {
    apiVersion: 'cloudythings.io/v1alpha1',
    kind: 'TrustPolicy',
    metadata: { name },
    spec: {
      artifacts: [{ kind, reference }],
      authorities: [
        {
          name: `${name}-authority`,
          keyless: {
            trustedRoot: changes.trustedRoot ?? 'acme',
            identities: [
              changes.identity ?? { issuer: GITHUB, subject: RELEASE },
            ],
            ...(changes.extensions ? { extensions: changes.extensions } : {}),
          },
          ...(changes.predicateTypes
            ? {
                attestations: changes.predicateTypes.map(predicateType => ({
                  predicateType,
                })),
              }
            : {}),
          ...changes.authority,
        },
      ],
      mode: changes.mode ?? 'enforce',
      ...changes.spec,
    },
  };
}

/** A document that withdraws trust. */
export function distrust(
  distrusted: Distrust['spec']['distrusted'][number],
  spec: Partial<Distrust['spec']> = {},
): Distrust {
  return {
    apiVersion: 'cloudythings.io/v1alpha1',
    kind: 'Distrust',
    metadata: { name: 'stolen' },
    spec: { distrusted: [distrusted], reason: 'it was stolen', ...spec },
  };
}

/** An image that was resolved, whose one source answered. */
export function input(changes: Partial<JudgeInput> = {}): JudgeInput {
  return {
    kind: 'image',
    reference: 'ghcr.io/acme/checkout:1.0',
    digest: DIGEST,
    verifications: [],
    lookups: [
      lookup('found', 'ghcr.io artifact'),
      lookup('none', 'ghcr.io referrers'),
    ],
    findings: [],
    policies: [policy('images')],
    entity: { ref: 'component:default/checkout', repository: 'acme/checkout' },
    now: '2026-02-01T00:00:00.000Z',
    ...changes,
  };
}

/** A lookup with an outcome. */
export function lookup(
  outcome: JudgeInput['lookups'][number]['outcome'],
  source = `ghcr.io ${outcome}`,
) {
  return { source, outcome, askedAt: '2026-02-01T00:00:00.000Z' };
}
