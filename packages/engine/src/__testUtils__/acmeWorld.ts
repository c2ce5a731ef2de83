import { ChildProcess, spawn } from 'child_process';
import { existsSync, readFileSync, readdirSync } from 'fs';
import { join, resolve } from 'path';
import {
  ArtifactKind,
  ArtifactStatus,
  FindingCode,
  Verification,
  parseReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { parse } from 'yaml';
import { CollectedEvidence, builtInSources, collectEvidence } from '../collect';
import { JudgeInput, loadTrustPolicies } from '../judge';
import { OutboundClient } from '../outbound';
import { resolveReference } from '../resolve';
import { VerificationProfile, loadTrustedRoot } from '../verify';

/** Folder of the recorded world, as the repository carries it. */
export const WORLD = resolve(__dirname, '../../../demo-world');

/** Whether the world was recorded. */
export const isRecorded =
  existsSync(join(WORLD, 'recorded/trusted_root.json')) &&
  existsSync(join(WORLD, 'expected.yaml'));

/** A row of `expected.yaml`. */
export type ExpectedArtifact = {
  entity: string;
  kind: ArtifactKind;
  reference: string;
  status: ArtifactStatus;
  finding: FindingCode | null;
  signer: string | null;
};

/** What the hand-written table says the world must come to. */
export function expectedArtifacts(): ExpectedArtifact[] {
  const text = readFileSync(join(WORLD, 'expected.yaml'), 'utf8');
  return parse(text).artifacts;
}

/** What was found of one artifact, before anything is verified. */
export type Findings = {
  expected: ExpectedArtifact;
  evidence: CollectedEvidence[];
  /** Everything `judge` needs but the verifications. */
  input: JudgeInput;
};

type Settings = {
  sigstore: {
    trustedRoots: {
      name: string;
      thresholds: VerificationProfile['thresholds'];
    }[];
    hosts: { host: string; endpoint: string; allowPrivateAddress: boolean }[];
    repositories: { entity: string; repository: string }[];
  };
};

/** The recorded world, served on loopback and read as the backend reads it. */
export class AcmeWorld {
  readonly profiles: VerificationProfile[];
  readonly found: Findings[];
  readonly #server: ChildProcess;

  private constructor(
    server: ChildProcess,
    profiles: VerificationProfile[],
    found: Findings[],
  ) {
    this.#server = server;
    this.profiles = profiles;
    this.found = found;
  }

  static async open(): Promise<AcmeWorld> {
    const { server, url } = await serve();
    const { sigstore } = readSettings(url);
    const root = readFileSync(join(WORLD, 'recorded/trusted_root.json'));
    const profiles = sigstore.trustedRoots.map(({ name, thresholds }) =>
      loadTrustedRoot({
        name,
        json: JSON.parse(root.toString('utf8')),
        thresholds,
        allowDemoRoot: true,
      }),
    );
    const { policies } = readPolicies(profiles.map(({ name }) => name));
    const outbound = OutboundClient.create({ hosts: sigstore.hosts });
    const found: Findings[] = [];
    for (const expected of expectedArtifacts()) {
      const { entity } = expected;
      const { repository } =
        sigstore.repositories.find(entry => entry.entity === entity) ?? {};
      const question = { ...expected, repository, policies };
      found.push({ expected, ...(await look(question, outbound)) });
    }
    await outbound.close();
    return new AcmeWorld(server, profiles, found);
  }

  /** What was found of an artifact. */
  of(reference: string): Findings {
    const found = this.found.find(({ expected }) =>
      expected.reference.includes(reference),
    );
    if (!found) throw new Error(`nothing expected of ${reference}`);
    return found;
  }

  /** Verifies every piece of evidence under every trusted root. */
  verifyAll(
    { evidence, input }: Findings,
    verify: (
      evidence: CollectedEvidence,
      digest: string,
      profile: VerificationProfile,
    ) => Verification,
  ): Verification[] {
    return evidence.flatMap(piece =>
      this.profiles.map(profile => verify(piece, input.digest ?? '', profile)),
    );
  }

  async close(): Promise<void> {
    const ended = new Promise(done => this.#server.once('exit', done));
    this.#server.kill();
    await ended;
  }
}

/** The demo's policies. */
export function readPolicies(trustedRoots: string[]) {
  const folder = join(WORLD, 'policies');
  const files = readdirSync(folder).map(path => ({
    path,
    text: readFileSync(join(folder, path), 'utf8'),
  }));
  return loadTrustPolicies(files, { trustedRoots });
}

function readSettings(url: string): Settings {
  const text = readFileSync(join(WORLD, 'app-config.demo.yaml'), 'utf8');
  return parse(text.replaceAll('${SIGSTORE_WORLD_URL}', url));
}

async function look(
  question: ExpectedArtifact &
    Pick<JudgeInput, 'policies'> & {
      repository?: string;
    },
  outbound: OutboundClient,
): Promise<Omit<Findings, 'expected'>> {
  const { entity, kind, reference, policies, repository } = question;
  const now = () => new Date();
  const ports = { outbound, fileRoots: [], now };
  const result = parseReference(reference);
  if (!result.ok) throw new Error(result.problem);
  const { lookup, artifact, failure } = await resolveReference(
    result.parsed,
    ports,
  );
  const input: JudgeInput = {
    kind,
    reference,
    digest: artifact?.digest,
    verifications: [],
    lookups: [lookup],
    findings: failure ? [{ code: failure, detail: lookup.cause }] : [],
    policies,
    entity: { ref: entity, repository },
    now: now().toISOString(),
  };
  if (!artifact) return { evidence: [], input };
  const collected = await collectEvidence(
    builtInSources,
    { reference: result.parsed, artifact, known: new Set() },
    ports,
  );
  return {
    evidence: collected.evidence,
    input: {
      ...input,
      lookups: [...input.lookups, ...collected.lookups],
      findings: [...input.findings, ...collected.findings],
    },
  };
}

async function serve(): Promise<{ server: ChildProcess; url: string }> {
  const script = join(WORLD, 'src/server.ts');
  const server = spawn(process.execPath, [script, '--world', WORLD], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const chunk of server.stdout) {
    said += chunk;
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
    if (url) return { server, url };
  }
  throw new Error(`the server of the world did not start: ${said}`);
}
