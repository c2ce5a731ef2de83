import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/runner/paths.mjs';
import { run } from '../../scripts/runner/processes.mjs';

type Node = { program: string; env: Record<string, string | undefined> };

const packages = [
  '@cloudythings/ct',
  '@cloudythings/sigstore-engine',
  '@cloudythings/backstage-plugin-sigstore-common',
];

/**
 * Installs `ct` from its archive with plain npm, as a pipeline would, and has
 * it check a signed plan: the signer that it expects, and one that it does not.
 */
export async function tryCt(
  node: Node,
  archives: Map<string, string>,
  workDir: string,
): Promise<void> {
  const dir = path.join(workDir, 'ct');
  mkdirSync(dir);
  await run(
    'ct-install',
    'npm',
    [
      ...['install', '--prefix', dir, '--no-audit', '--no-fund'],
      ...packages.map(name => {
        const archive = archives.get(name);
        if (!archive) throw new Error(`${name} was not packed`);
        return archive;
      }),
    ],
    { cwd: dir, env: node.env },
  );
  const bin = path.join(dir, 'node_modules/.bin/ct');
  const world = path.join(root, 'packages/demo-world/recorded');
  const plan = path.join(world, 'store/prod/checkout/plan.json');
  const verify = (repository: string) =>
    run(
      `ct-verify-${path.basename(repository)}`,
      bin,
      [
        ...['verify', 'artifact', plan, '--entity-repository', repository],
        ...['--trusted-root', path.join(world, 'trusted_root.json')],
        ...['--allow-demo-root', '--trust-workspace'],
      ],
      { cwd: dir, env: node.env },
    );
  await verify('acme/checkout');
  const passed = await verify('acme/notifier').then(
    () => true,
    () => false,
  );
  if (passed) throw new Error('ct takes the signature of another repository');
}
