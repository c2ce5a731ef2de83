import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { addressOf, names } from '../names.ts';
import type { Stack } from '../stack.ts';
import { type Case, apart } from './cases.ts';
import { predicateTypes } from './signWay.ts';

const backend = path.resolve(
  import.meta.dirname,
  '../../../plugins/sigstore-backend',
);

/** What the backend says of an artifact, as far as it is compared. */
export interface BackendAnswer {
  status: string;
  findings: string[];
  signer?: { issuer: string; identity: string };
  /** of the evidence that decided */
  logIndexes: string[];
}

/** A case, and the reference under which an entity declares its artifact. */
export interface Question {
  asked: Case;
  reference: string;
}

/**
 * Runs the backend on entities that declare the artifacts, each with a policy of
 * its own that says who is expected.
 *
 * @param dir - for configuration and files; `blobs` in it may be read
 * @param keys - public keys, PEM
 * @returns answers by name of the entity
 */
export async function backendAnswers(
  questions: Question[],
  stack: Stack,
  dir: string,
  keys: Record<'the key' | 'another key', string>,
): Promise<Map<string, BackendAnswer>> {
  const policies = path.join(dir, 'policies');
  mkdirSync(policies);
  for (const question of questions) {
    const file = path.join(policies, `${question.asked.entity}.yaml`);
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(policyOf(question, keys)));
  }
  const input = path.join(dir, 'question.json');
  const output = path.join(dir, 'answer.json');
  const entities = questions.map(entityOf);
  const config = configOf(stack, dir, policies);
  writeFileSync(input, JSON.stringify({ config, entities }));
  await promisify(execFile)(
    process.execPath,
    [
      ...['--require', '@backstage/cli/config/nodeTransform.cjs'],
      ...['dev/checkEntities.ts', input, output],
    ],
    { cwd: backend, maxBuffer: 64 * 1024 * 1024 },
  );
  const answers = Object.entries<any[]>(
    JSON.parse(readFileSync(output, 'utf8')),
  );
  return new Map(answers.map(([name, [artifact]]) => [name, read(artifact)]));
}

/** One answer out of an `ArtifactDetail`. */
function read(artifact: any): BackendAnswer {
  const [deciding] = artifact.evidence;
  const facts = deciding?.verifications.find((one: any) => one.facts)?.facts;
  return {
    status: artifact.status,
    findings: artifact.findings.map(
      ({ code, detail }: any) => `${code}: ${JSON.stringify(detail)}`,
    ),
    signer: artifact.signer,
    logIndexes: facts?.logEntries.map((one: any) => one.logIndex) ?? [],
  };
}

function configOf(stack: Stack, dir: string, policies: string): object {
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
  return way.made === 'blob-signature'
    ? { kind: 'terraform-plan', annotation: 'sigstore.dev/terraform-plans' }
    : { kind: 'image', annotation: 'sigstore.dev/images' };
}

function entityOf({ asked, reference }: Question): object {
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

function policyOf(
  { asked, reference }: Question,
  keys: Record<'the key' | 'another key', string>,
): object {
  const { way, expected, entity } = asked;
  const trustedRoot = rootOf(asked);
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
          ...(way.made === 'provenance' || way.made === 'sbom'
            ? {
                attestations: [
                  { predicateType: predicateTypes[way.made].type },
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
