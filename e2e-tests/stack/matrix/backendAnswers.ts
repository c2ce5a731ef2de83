import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Stack } from '../stack.ts';
import {
  type PublicKeys,
  type Question,
  configOf,
  entityOf,
  policyOf,
} from './backendConfig.ts';

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
  keys: PublicKeys,
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
  const config = configOf(questions, stack, dir, policies);
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
