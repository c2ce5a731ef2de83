import path from 'node:path';
import { s3Credentials } from '../furtherServicePlans.ts';
import { addressOf, names } from '../names.ts';
import type { Stack } from '../stack.ts';
import { bucketName } from './bucket.ts';
import { type Case, apart } from './cases.ts';
import { predicateTypes } from './signWay.ts';
import { attestedBy, isBlob } from './ways.ts';

/** A case, and the reference under which an entity declares its artifact. */
export interface Question {
  asked: Case;
  reference: string;
}

/** Public keys, PEM. */
export type PublicKeys = Record<'the key' | 'another key', string>;

/**
 * What stands under `sigstore` in the configuration of a backend.
 *
 * @param dir - files in `blobs` in it may be read
 * @param policies - folder with trust policies
 */
export function configOf(
  questions: Question[],
  stack: Stack,
  dir: string,
  policies: string,
): object {
  const root = path.join(stack.dir, 'trusted_root.json');
  const host = (name: keyof typeof names, endpoint: string) => ({
    host: names[name],
    endpoint,
    allowPrivateAddress: true,
  });
  const thresholds = (transparencyLog: number, timestamps: number) => ({
    transparencyLog,
    certificateTransparency: 1,
    timestamps,
  });
  return {
    trustedRoots: [
      {
        name: 'acme',
        tuf: {
          mirror: addressOf('tuf'),
          root: path.join(stack.dir, 'tuf', '1.root.json'),
        },
        demo: true,
        thresholds: thresholds(1, 1),
      },
      {
        name: 'acme-unlogged',
        file: root,
        demo: true,
        thresholds: thresholds(0, 1),
      },
      {
        name: 'acme-untimed',
        file: root,
        demo: true,
        thresholds: thresholds(0, 0),
      },
    ],
    sources: {
      ...(stack.logs.includes('rekorV1')
        ? { rekor: [{ url: addressOf('rekorV1') }] }
        : {}),
      s3: [
        {
          bucket: bucketName,
          endpoint: stack.loopback.s3,
          forcePathStyle: true,
          allowPrivateAddress: true,
          credentials: {
            name: 'plans',
            accessKeyId: s3Credentials.accessKeyId,
            secretAccessKey: s3Credentials.secretAccessKey,
            for: questions
              .filter(({ asked }) => asked.way.place === 's3')
              .map(({ asked, reference }) => ({
                entity: `component:default/${asked.entity}`,
                references: [reference],
              })),
          },
        },
      ],
      oci: {
        signatureRepositories: [
          {
            images: `${names.registry}/${apart.images}`,
            repository: `${names.registry}/${apart.evidence}`,
          },
        ],
      },
    },
    policies: { files: [policies] },
    fileRoots: [path.join(dir, 'blobs')],
    hosts: [
      host('registry', stack.loopback.registry),
      host('distribution', stack.loopback.distribution),
      host('tuf', stack.loopback.tuf),
      host('rekorV1', stack.loopback.rekorV1),
    ],
  };
}

function kindOf({ way }: Case): { kind: string; annotation: string } {
  return isBlob(way)
    ? { kind: 'terraform-plan', annotation: 'sigstore.dev/terraform-plans' }
    : { kind: 'image', annotation: 'sigstore.dev/images' };
}

/** An entity that declares the artifact. */
export function entityOf({ asked, reference }: Question): object {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: asked.entity,
      namespace: 'default',
      annotations: { [kindOf(asked).annotation]: reference },
    },
    spec: { type: 'service', lifecycle: 'production', owner: 'guests' },
  };
}

/** A policy for this entity alone, that says who is expected. */
export function policyOf(
  { asked, reference }: Question,
  keys: PublicKeys,
): object {
  const { way, expected, entity } = asked;
  const trustedRoot = rootOf(asked);
  const attested = attestedBy(way);
  return {
    apiVersion: 'cloudythings.io/v1alpha1',
    kind: 'TrustPolicy',
    metadata: { name: entity },
    spec: {
      artifacts: [
        {
          kind: kindOf(asked).kind,
          reference,
          entity: { 'metadata.name': entity },
        },
      ],
      authorities: [
        {
          name: 'signer',
          ...('key' in expected
            ? { key: { trustedRoot, data: keys[expected.key] } }
            : { keyless: { trustedRoot, identities: [expected] } }),
          ...(attested
            ? {
                attestations: [
                  { predicateType: predicateTypes[attested].type },
                ],
              }
            : {}),
        },
      ],
    },
  };
}

/** The root that asks for as much as cosign is told to ask for. */
function rootOf({ way, isLogged }: Case): string {
  if (isLogged) return 'acme';
  return way.by === 'key' ? 'acme-untimed' : 'acme-unlogged';
}
