import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';

/** The recorded organization, whose signatures real tools made. */
export const WORLD = resolve(__dirname, '../../../demo-world');

export const TRUSTED_ROOT = join(WORLD, 'recorded/trusted_root.json');
export const POLICIES = join(WORLD, 'policies');
export const PLAN = join(WORLD, 'recorded/store/prod/checkout/plan.json');
export const GITHUB = 'https://token.actions.githubusercontent.com';

/** Who signed the plan. */
export const PLANNER =
  'https://github.com/acme/checkout/.github/workflows/plan.yml@refs/heads/main';

/** Flags that expect the signer of the plan. */
export const EXPECT_PLANNER = [
  ...['--certificate-identity', PLANNER],
  ...['--certificate-oidc-issuer', GITHUB],
  ...['--trusted-root', TRUSTED_ROOT, '--allow-demo-root'],
];

/** A row of what the world must come to, written by hand. */
export type ExpectedRow = {
  entity: string;
  kind: string;
  reference: string;
  status: string;
  finding: string | null;
  signer: string | null;
};

/** Reads what the world must come to. */
export function expectedRows(): ExpectedRow[] {
  return parse(readFileSync(join(WORLD, 'expected.yaml'), 'utf8')).artifacts;
}

/** Which repository an administrator says an entity is built from. */
export function repositoryOf(entity: string): string | undefined {
  const { sigstore } = parse(
    readFileSync(join(WORLD, 'app-config.demo.yaml'), 'utf8'),
  );
  return sigstore.repositories.find(
    (one: { entity: string }) => one.entity === entity,
  )?.repository;
}

/** The registry and the store of the world, as files served on loopback. */
export class AcmeServer {
  /** Flags that let `ct` reach it. */
  readonly flags: string[];
  readonly #child: ChildProcess;

  static async start(): Promise<AcmeServer> {
    const child = spawn(
      process.execPath,
      [join(WORLD, 'src/server.ts'), '--world', WORLD, '--port', '0'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    for await (const line of createInterface({ input: child.stdout! })) {
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (url) return new AcmeServer(child, url);
    }
    throw new Error('The server of the world ended before it was ready');
  }

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    const hosts = {
      'registry.acme.example': url,
      'plans.acme.example': `${url}/store`,
      // Nothing listens there: the registry that does not answer.
      'policies.acme.example': 'http://127.0.0.1:1',
    };
    this.flags = Object.entries(hosts).flatMap(([host, endpoint]) => [
      ...['--mirror', `${host}=${endpoint}`, '--allow-private-address', host],
    ]);
  }

  async stop(): Promise<void> {
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}
