import { existsSync } from 'node:fs';
import path from 'node:path';
import { requireFreeSpace } from './disk.mjs';
import { root } from './paths.mjs';
import { run } from './processes.mjs';
import { step } from './progress.mjs';
import { digestOf, filesBelow, whenChanged } from './stamps.mjs';
import { yarn } from './yarn.mjs';

/** Installs the packages of the repository when the lock or a package.json changed. */
export async function ensureInstalled(node) {
  const manifests = filesBelow(['packages', 'plugins', 'e2e-tests']).filter(
    file => path.basename(file) === 'package.json',
  );
  const digest = digestOf(
    ['package.json', 'yarn.lock', '.yarnrc.yml', ...manifests],
    `${process.platform}-${process.arch}`,
  );
  const state = path.join(root, 'node_modules', '.yarn-state.yml');
  await whenChanged(
    'install',
    digest,
    () => existsSync(state),
    () => {
      requireFreeSpace(4, 'Installing');
      const { command, args, options } = yarn(node);
      return step('Installing packages, some minutes the first time', () =>
        run('install', command, [...args, 'install', '--immutable'], options),
      );
    },
  );
}
