import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  EntityReport,
  FlowProgress,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  loadTrustPolicies,
  loadTrustedRoot,
  offeredThresholds,
} from '@cloudythings/sigstore-engine';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TestServer, asService } from '../src/__testUtils__/startPlugin';
import { sigstorePlugin } from '../src/plugin';
import { CaseResult, resultOf } from './caseResult';

/**
 * Runs signed cases through the plugin as it is installed: a real database, the
 * files of each case where a service would have them, a policy that allows just
 * the signer of the case, and the answer of the API.
 *
 *   node --require @backstage/cli/config/nodeTransform.cjs dev/verifyCases.ts \
 *     CASES.json RESULTS.json
 */
type SignedCase = {
  id: string;
  bundle?: string;
  artifact?: string;
  trustedRoot?: string;
  identity?: string;
  issuer?: string;
  key?: string;
  predicateType?: string;
};

/** A case that the plugin can be configured for. */
type Prepared = {
  signedCase: SignedCase;
  index: number;
  root: string;
  policy: string;
};

/** Trusted roots of fewer cases than this share one backend with others. */
const MANY = 20;

const POLL_MS = 50;

/** More time than a busy machine needs, to start and for each case. */
const START_MS = 60_000;
const CASE_MS = 1_000;

const artifactOf = (index: number, folder: string) =>
  join(folder, `${index}`, 'artifact');

async function runAll([input, output]: string[]): Promise<void> {
  const cases: SignedCase[] = JSON.parse(readFileSync(input, 'utf8'));
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'signed-cases-')));
  const results: ({ id: string } & CaseResult)[] = [];
  try {
    const prepared: Prepared[] = [];
    cases.forEach((signedCase, index) => {
      const { id } = signedCase;
      try {
        prepared.push(prepare(signedCase, index, folder));
      } catch (error) {
        // What a backend refuses to start with verifies nothing.
        results[index] = {
          id,
          outcome: 'not-checked',
          reason: 'configuration',
          detail: `refused as configuration: ${(error as Error).message}`,
        };
      }
    });
    for (const group of groups(prepared)) {
      const reports = await check(group, folder);
      group.forEach(({ signedCase: { id }, index }, at) => {
        results[index] = { id, ...reports[at] };
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  writeFileSync(output, JSON.stringify(results));
}

/** Lays the files of a case down and writes its policy. */
function prepare(
  signedCase: SignedCase,
  index: number,
  folder: string,
): Prepared {
  const { artifact, bundle, trustedRoot = '' } = signedCase;
  const root = rootName(trustedRoot);
  const json = JSON.parse(readFileSync(trustedRoot, 'utf8'));
  loadTrustedRoot({ name: root, json, thresholds: offeredThresholds(json) });
  const text = JSON.stringify(policyOf(signedCase, index, root, folder));
  loadTrustPolicies([{ path: signedCase.id, text }], { trustedRoots: [root] });
  mkdirSync(join(folder, `${index}`));
  copy(artifact, artifactOf(index, folder));
  copy(bundle, `${artifactOf(index, folder)}.sigstore.json`);
  return { signedCase, index, root: trustedRoot, policy: text };
}

function copy(from: string | undefined, to: string): void {
  if (from && existsSync(from) && statSync(from).isFile())
    copyFileSync(from, to);
}

const names = new Map<string, string>();

function rootName(file: string): string {
  const name = names.get(file) ?? `root-${names.size}`;
  names.set(file, name);
  return name;
}

function policyOf(
  signedCase: SignedCase,
  index: number,
  trustedRoot: string,
  folder: string,
) {
  const { identity, issuer, key, predicateType } = signedCase;
  const keyless = { trustedRoot, identities: [{ issuer, subject: identity }] };
  return {
    apiVersion: 'cloudythings.io/v1alpha1',
    kind: 'TrustPolicy',
    metadata: { name: `case-${index}` },
    spec: {
      artifacts: [
        {
          kind: 'terraform-plan',
          reference: `file:${artifactOf(index, folder)}`,
        },
      ],
      authorities: [
        {
          name: 'signer',
          ...(identity !== undefined || key === undefined ? { keyless } : {}),
          ...(key === undefined
            ? {}
            : { key: { trustedRoot, data: readFileSync(key, 'utf8') } }),
          ...(predicateType === undefined
            ? {}
            : { attestations: [{ predicateType }] }),
        },
      ],
    },
  };
}

function groups(prepared: Prepared[]): Prepared[][] {
  const byRoot = new Map<string, Prepared[]>();
  for (const one of prepared)
    byRoot.set(one.root, [...(byRoot.get(one.root) ?? []), one]);
  const all = [...byRoot.values()];
  const small = all.filter(({ length }) => length < MANY).flat();
  return [
    ...all.filter(({ length }) => length >= MANY),
    ...(small.length > 0 ? [small] : []),
  ];
}

/** Starts the plugin on some cases and reads what it says about each. */
async function check(group: Prepared[], folder: string): Promise<CaseResult[]> {
  const policies = join(folder, `policies-${group[0].index}`);
  mkdirSync(policies);
  group.forEach(({ index, policy }) =>
    writeFileSync(join(policies, `${index}.yaml`), policy),
  );
  const backend = await startTestBackend({
    features: [
      sigstorePlugin,
      catalogServiceMock.factory({
        entities: group.map(({ index }) => entityOf(index, folder)),
      }),
      mockServices.database.factory(),
      mockServices.rootConfig.factory({
        data: { sigstore: configOf(group, policies, folder) },
      }),
    ],
  });
  try {
    await untilAllChecked(backend.server, group.length);
    const results: CaseResult[] = [];
    for (const { index } of group) {
      const path = `/entities/component/default/case-${index}`;
      const { body } = await asService(backend.server, path);
      results.push(resultOf(body as EntityReport));
    }
    return results;
  } finally {
    await backend.stop();
  }
}

function entityOf(index: number, folder: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: `case-${index}`,
      namespace: 'default',
      annotations: {
        'sigstore.dev/terraform-plans': `file:${artifactOf(index, folder)}`,
      },
    },
    spec: { type: 'service', lifecycle: 'production', owner: 'guests' },
  };
}

function configOf(group: Prepared[], policies: string, folder: string) {
  const files = [...new Set(group.map(({ root }) => root))];
  return {
    trustedRoots: files.map(file => ({
      name: rootName(file),
      file,
      thresholds: offeredThresholds(JSON.parse(readFileSync(file, 'utf8'))),
    })),
    policies: { files: [policies] },
    fileRoots: [folder],
  };
}

/** What is not checked by then is reported as such. */
async function untilAllChecked(
  server: TestServer,
  expected: number,
): Promise<void> {
  const deadline = Date.now() + START_MS + expected * CASE_MS;
  while (Date.now() < deadline) {
    const { body } = await asService(server, '/flow');
    const { discoveredAt, references, due } = body as FlowProgress;
    if (discoveredAt && references >= expected && due === 0) return;
    await pause(POLL_MS);
  }
}

runAll(process.argv.slice(2)).then(
  // What still runs belongs to backends that were stopped.
  () => process.exit(0),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
