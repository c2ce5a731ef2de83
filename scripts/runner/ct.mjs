import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { root, tools } from './paths.mjs';
import { run } from './processes.mjs';
import { step } from './progress.mjs';
import { digestOf, filesBelow, whenChanged } from './stamps.mjs';
import { yarn } from './yarn.mjs';

/** What `ct` consists of; its other dependencies are installed in the root. */
const folders = ['plugins/sigstore-common', 'packages/engine', 'packages/ct'];

const home = path.join(tools, 'ct');

/**
 * Builds `ct` as it is published, when one of its sources changed: from the
 * sources of the repository it would start slower than it does for people.
 *
 * Returns the path of its program.
 */
export async function ensureCtBuilt(node) {
  const sources = filesBelow([
    ...folders,
    ...['package.json', 'yarn.lock', 'tsconfig.json'],
  ]).filter(file => !/\.test\.tsx?$|\.md$/.test(file));
  const bin = path.join(home, 'node_modules/@cloudythings/ct/bin/ct');
  await whenChanged(
    'ct',
    digestOf(sources),
    () => existsSync(bin),
    () => step('Building ct', () => build(node)),
  );
  return bin;
}

/** As Backstage's tool does when it packs: built files in place of sources. */
function builtExports(sources) {
  return Object.fromEntries(
    Object.entries(sources).map(([name, file]) => [
      name,
      file.replace(/^\.\/src\/(.+)\.tsx?$/, './dist/$1.cjs.js'),
    ]),
  );
}

async function build(node) {
  const { command, args, options } = yarn(node);
  await run('ct-tsc', command, [...args, 'run', '-T', 'tsc'], options);
  rmSync(home, { recursive: true, force: true });
  for (const folder of folders) {
    const from = path.join(root, folder);
    const manifest = JSON.parse(
      readFileSync(path.join(from, 'package.json'), 'utf8'),
    );
    const { name, publishConfig, files } = manifest;
    await run(
      `ct-build-${path.basename(folder)}`,
      command,
      [...args, 'workspace', name, 'build'],
      options,
    );
    const to = path.join(home, 'node_modules', name);
    mkdirSync(to, { recursive: true });
    for (const file of files)
      cpSync(path.join(from, file), path.join(to, file), { recursive: true });
    // What is not shared with the other packages of the repository.
    const own = path.join(from, 'node_modules');
    if (existsSync(own)) symlinkSync(own, path.join(to, 'node_modules'));
    // What Yarn does when it packs: publishConfig replaces what it names.
    const published = { ...manifest, ...publishConfig };
    if (manifest.exports) published.exports = builtExports(manifest.exports);
    writeFileSync(
      path.join(to, 'package.json'),
      JSON.stringify(published, null, 2),
    );
  }
}
