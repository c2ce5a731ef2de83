import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/**
 * How to call the Yarn this repository names, without installing it: the
 * arguments before Yarn's own, and an environment in which Yarn downloads
 * from where the user's npm does.
 */
export function yarn(node) {
  const { packageManager } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  const version = packageManager.replace('yarn@', '');
  return {
    command: 'npm',
    args: [
      ...['exec', '--yes', `--package=@yarnpkg/cli-dist@${version}`],
      ...['--', 'yarn'],
    ],
    options: { cwd: root, env: { ...node.env, ...fromNpm(node) } },
  };
}

function fromNpm(node) {
  const config = JSON.parse(
    execFileSync('npm', ['config', 'list', '--json'], {
      cwd: root,
      env: node.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  const settings = {
    YARN_NPM_REGISTRY_SERVER: config.registry,
    YARN_HTTP_PROXY: config.proxy,
    YARN_HTTPS_PROXY: config['https-proxy'],
    YARN_HTTPS_CA_FILE_PATH: config.cafile,
    // A slow registry is no reason to begin again.
    YARN_HTTP_TIMEOUT: '300000',
  };
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => value && !process.env[name],
    ),
  );
}
