import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/runner/paths.mjs';
import { run } from '../../scripts/runner/processes.mjs';
import { filesBelow } from '../../scripts/runner/stamps.mjs';
import { yarn } from '../../scripts/runner/yarn.mjs';

type Node = { program: string; env: Record<string, string | undefined> };

const leftOut = new Set(['node_modules', 'recorded', 'coverage']);

/**
 * Builds every package and packs those that are published, as a release would.
 * Packing rewrites each package.json for a moment, so it happens in a copy.
 *
 * Returns the archive of each package by its name.
 */
export async function packAll(
  node: Node,
  workDir: string,
): Promise<Map<string, string>> {
  const { command, args, options } = yarn(node);
  await run(
    'install-tsc',
    command,
    [...args, 'run', '-T', 'tsc', '--incremental', 'false'],
    options,
  );
  await run('install-build', command, [...args, 'build:all'], options);

  const copy = path.join(workDir, 'repository');
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const name of ['packages', 'plugins', 'e2e-tests', '.yarn'])
    cpSync(path.join(root, name), path.join(copy, name), {
      recursive: true,
      filter: source => !leftOut.has(path.basename(source)),
    });
  for (const name of [
    'package.json',
    'yarn.lock',
    '.yarnrc.yml',
    'tsconfig.json',
  ])
    cpSync(path.join(root, name), path.join(copy, name));
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));

  const archives = new Map<string, string>();
  for (const manifest of filesBelow(['packages', 'plugins'])) {
    if (path.basename(manifest) !== 'package.json') continue;
    const { name, private: unpublished } = JSON.parse(
      readFileSync(path.join(root, manifest), 'utf8'),
    );
    if (unpublished || !name) continue;
    const archive = path.join(workDir, `${path.basename(name)}.tgz`);
    await run(
      `pack-${path.basename(name)}`,
      command,
      [...args, 'workspace', name, 'pack', '--out', archive],
      { ...options, cwd: copy },
    );
    archives.set(name, archive);
  }
  return archives;
}
