import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { requireFreeSpace } from './disk.mjs';
import { root, tools } from './paths.mjs';
import { run } from './processes.mjs';
import { step } from './progress.mjs';
import { digestOf, filesBelow, whenChanged } from './stamps.mjs';
import { yarn } from './yarn.mjs';

/** Where the built backend lies, with the app in it, ready for plain `node`. */
export const bundle = path.join(tools, 'demo', 'bundle');

/** Builds app and backend when one of their sources changed. */
export async function ensureBuilt(node) {
  const sources = filesBelow([
    ...['packages/app', 'packages/backend', 'packages/engine', 'plugins'],
    ...['package.json', 'yarn.lock', 'tsconfig.json', 'app-config.yaml'],
  ]).filter(file => !/\.test\.tsx?$|\.md$/.test(file));
  await whenChanged(
    'build',
    digestOf(sources),
    () => existsSync(bundle),
    () => {
      requireFreeSpace(1, 'Building');
      return step('Building app and backend', () => build(node));
    },
  );
}

async function build(node) {
  const { command, args, options } = yarn(node);
  for (const name of ['app', 'backend'])
    await run(
      `build-${name}`,
      command,
      [...args, 'workspace', name, 'build'],
      options,
    );
  const fresh = `${bundle}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const archive = path.join(root, 'packages/backend/dist/bundle.tar.gz');
  await run('unpack', 'tar', ['-xzf', archive, '-C', fresh]);
  linkPackages(fresh);
  rmSync(bundle, { recursive: true, force: true });
  renameSync(fresh, bundle);
}

/**
 * The bundle holds the packages of this repository as they are published. Its
 * dependencies are already installed in the root, which Node finds by walking
 * up; only our own packages have to be found in the bundle first.
 */
function linkPackages(dir) {
  const own = ['packages', 'plugins'].flatMap(group =>
    readdirSync(path.join(dir, group)).map(name => path.join(group, name)),
  );
  const names = new Map(
    own.map(relative => {
      const manifest = path.join(dir, relative, 'package.json');
      return [JSON.parse(readFileSync(manifest, 'utf8')).name, relative];
    }),
  );
  for (const [name, relative] of names)
    link(path.join(dir, relative), path.join(dir, 'node_modules', name));
  for (const relative of own) {
    const nested = path.join(root, relative, 'node_modules');
    for (const name of dependenciesIn(nested))
      if (!names.has(name))
        link(
          path.join(nested, name),
          path.join(dir, relative, 'node_modules', name),
        );
  }
}

function dependenciesIn(nodeModules) {
  if (!existsSync(nodeModules)) return [];
  return readdirSync(nodeModules)
    .filter(name => !name.startsWith('.'))
    .flatMap(name =>
      name.startsWith('@')
        ? readdirSync(path.join(nodeModules, name)).map(sub => `${name}/${sub}`)
        : [name],
    );
}

function link(target, at) {
  mkdirSync(path.dirname(at), { recursive: true });
  symlinkSync(path.relative(path.dirname(at), target), at);
}
