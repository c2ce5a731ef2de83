import {
  ArtifactKind,
  INPUT_ANNOTATIONS,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import { createHash } from 'node:crypto';
import { documentOf } from '../src/discover/entityDocument';
import { artifactId, referenceId } from '../src/store/identifiers';
import { saveVerifications } from '../src/store/facts';
import { TrustRecord } from '../src/store/trustGenerations';

const NOW = new Date('2026-11-20T12:00:00Z');
const KINDS = [
  'image',
  'terraform-plan',
  'manifest',
] as const satisfies ArtifactKind[];
const ISSUER = 'https://token.actions.githubusercontent.com';
const ROWS = 200;

const digestOf = (text: string) =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`;

/**
 * Fills empty tables with entities that declare an image, a plan and a manifest
 * each, all checked, verified and signed by a workflow of their repository, as
 * if the flow had done so.
 */
export async function fillFleet(
  knex: Knex,
  entities: number,
  record: TrustRecord,
): Promise<void> {
  for (let start = 0; start < entities; start += ROWS) {
    const numbers = Array.from(
      { length: Math.min(ROWS, entities - start) },
      (_, index) => start + index,
    );
    await knex.transaction(tx => fill(tx, numbers, record));
  }
}

async function fill(
  tx: Knex.Transaction,
  numbers: number[],
  record: TrustRecord,
): Promise<void> {
  const artifacts = numbers.flatMap(number =>
    KINDS.map(kind => {
      const entityRef = `component:default/service-${number}`;
      const reference =
        kind === 'terraform-plan'
          ? `https://plans.acme.example/service-${number}/plan.json`
          : `ghcr.io/acme/service-${number}-${kind}:1.4`;
      const digest = digestOf(`${entityRef} ${kind}`);
      const evidence = digestOf(`${digest} evidence`);
      const id = referenceId(kind, reference);
      return { number, kind, entityRef, reference, digest, evidence, id };
    }),
  );
  const insert = async (table: string, rows: object[]) => {
    for (let start = 0; start < rows.length; start += ROWS) {
      await tx(table).insert(rows.slice(start, start + ROWS));
    }
  };
  await insert(
    'entity_statuses',
    numbers.map(number => ({
      ...entityRow(number),
      changed_seq: number + 1,
    })),
  );
  await insert(
    'declarations',
    artifacts.map(({ entityRef, kind, reference, id }) => ({
      artifact_id: artifactId(entityRef, kind, reference),
      entity_ref: entityRef,
      kind,
      reference,
      reference_id: id,
      declared_by: INPUT_ANNOTATIONS[kind],
      running: false,
      since: NOW,
    })),
  );
  await insert(
    'artifact_references',
    artifacts.map(({ id, kind, reference, digest }) => ({
      id,
      kind,
      reference,
      digest,
      findings: '[]',
      created_at: NOW,
      checked_at: NOW,
      next_check_at: new Date(NOW.getTime() + 365 * 86_400_000),
    })),
  );
  await insert(
    'lookups',
    artifacts.flatMap(({ id }) =>
      ['manifest', 'referrers', '.sig tag', '.att tag'].map(
        (question, position) => ({
          subject: id,
          source: `ghcr.io ${question}`,
          position,
          outcome: position < 2 ? 'found' : 'none',
          since: NOW,
          asked_at: NOW,
          last_good_at: NOW,
        }),
      ),
    ),
  );
  await insert(
    'sightings',
    artifacts.map(({ id, digest, evidence }) => ({
      evidence_digest: evidence,
      artifact_digest: digest,
      reference_id: id,
      source: 'ghcr.io referrers',
      first_seen_at: NOW,
      last_seen_at: NOW,
    })),
  );
  const verifications = artifacts.flatMap(({ number, digest, evidence }) =>
    record.trustedRoots.map(root =>
      verificationOf(number, digest, evidence, root, record.engineRevision),
    ),
  );
  await saveVerifications(tx, verifications, NOW);
}

function entityRow(number: number) {
  const name = `service-${number}`;
  const location = `url:https://github.com/acme/${name}/blob/main/catalog-info.yaml`;
  const document = documentOf({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      description: `What the team makes of ${name}, in a sentence or two.`,
      tags: ['java', 'payments'],
      annotations: {
        'backstage.io/managed-by-location': location,
        'github.com/project-slug': `acme/${name}`,
      },
    },
    spec: { type: 'service', lifecycle: 'production', owner: 'team-a' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/team-a' }],
  });
  return {
    entity_ref: `component:default/${name}`,
    kind: 'component',
    namespace: 'default',
    name,
    owner: 'group:default/team-a',
    lifecycle: 'production',
    repository: `acme/${name}`,
    dependencies: '[]',
    document: JSON.stringify(document),
    entity_hash: '',
    status: 'pending',
    counts: '{"pending":3}',
    total: 3,
    known_since: NOW,
  };
}

/** As large as what GitHub Actions and SLSA provenance leave behind. */
function verificationOf(
  number: number,
  artifactDigest: string,
  evidenceDigest: string,
  root: { name: string; digest: string },
  engineRevision: string,
): Verification {
  const repository = `https://github.com/acme/service-${number}`;
  const workflow = `${repository}/.github/workflows/release.yml@refs/heads/main`;
  return {
    evidenceDigest,
    artifactDigest,
    trustedRoot: root.name,
    profileDigest: root.digest,
    engineRevision,
    checks: [
      'format',
      'limits',
      'timestamps',
      'certificate-chain',
      'certificate-log',
      'signing-time',
      'log-inclusion',
      'log-entry-binding',
      'signature',
      'artifact-binding',
    ].map(name => ({ name, outcome: 'passed' })) as Verification['checks'],
    findings: [],
    facts: {
      signer: {
        trustedRoot: root.name,
        issuer: ISSUER,
        identity: workflow,
        identityType: 'uri',
        extensions: {
          issuer: ISSUER,
          buildSignerURI: workflow,
          sourceRepositoryURI: repository,
          sourceRepositoryRef: 'refs/heads/main',
          sourceRepositoryDigest: digestOf(repository).slice(7, 47),
          buildTrigger: 'push',
          runnerEnvironment: 'github-hosted',
          runInvocationURI: `${repository}/actions/runs/${number}/attempts/1`,
        },
      },
      certificate: {
        serialNumber: digestOf(workflow).slice(7),
        issuerName: 'O=sigstore.dev, CN=sigstore-intermediate',
        notBefore: '2026-11-20T11:00:00.000Z',
        notAfter: '2026-11-20T11:10:00.000Z',
        fingerprint: digestOf(workflow).slice(7),
        pem: 'MIIG'.repeat(600),
      },
      times: [
        {
          time: '2026-11-20T11:01:00.000Z',
          source: 'transparency-log',
          authority: 'https://rekor.sigstore.dev',
        },
      ],
      logEntries: [
        {
          logId:
            'c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d',
          logName: 'https://rekor.sigstore.dev',
          logIndex: String(number),
          kind: 'dsse 0.0.1',
        },
      ],
      content: {
        type: 'in-toto',
        predicateType: 'https://slsa.dev/provenance/v1',
        statement: {
          subject: [{ name: 'image', digest: { sha256: artifactDigest } }],
          predicate: {
            buildDefinition: { externalParameters: 'x'.repeat(6000) },
            runDetails: { builder: { id: workflow } },
          },
        },
      },
    },
  };
}
