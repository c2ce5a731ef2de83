import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/runner/paths.mjs';
import { run } from '../../scripts/runner/processes.mjs';
import { yarn } from '../../scripts/runner/yarn.mjs';
import type { Instructions } from './readme.ts';

type Node = { program: string; env: Record<string, string | undefined> };

const createApp = '@backstage/create-app@0.9.2';

/** A Backstage app as its own generator makes it, and how to run Yarn in it. */
export class FreshApp {
  readonly dir: string;
  readonly env: Record<string, string | undefined>;

  private constructor(dir: string, env: Record<string, string | undefined>) {
    this.dir = dir;
    this.env = env;
  }

  /** Generates an app outside this repository. */
  static async create(node: Node, workDir: string): Promise<FreshApp> {
    const env = withYarn(node, workDir);
    const dir = path.join(workDir, 'app');
    await run(
      'create-app',
      'npx',
      ['--yes', createApp, '--path', dir, '--skip-install'],
      { cwd: workDir, env: { ...env, BACKSTAGE_APP_NAME: 'fresh' } },
    );
    return new FreshApp(dir, env);
  }

  /**
   * Pins what the generator's own lock would, and what this repository pins;
   * see docs/decisions/resolutions.md. Packages that are not published yet are
   * taken from their archives, wherever they are asked for.
   */
  pin(archives: Map<string, string>): void {
    const ours = readJson(path.join(root, 'package.json'));
    const file = path.join(this.dir, 'package.json');
    const manifest = readJson(file);
    manifest.resolutions = { ...manifest.resolutions, ...ours.resolutions };
    manifest.dependenciesMeta = ours.dependenciesMeta;
    for (const [name, archive] of archives)
      manifest.resolutions[name] = `file:${archive}`;
    writeFileSync(file, JSON.stringify(manifest, null, 2));
    copyFileSync(
      path.join(root, 'yarn.lock'),
      path.join(this.dir, 'yarn.lock'),
    );
  }

  /** Does what the README says, with archives in place of published packages. */
  async follow(
    instructions: Instructions,
    archives: Map<string, string>,
  ): Promise<void> {
    await this.yarn('fresh-install', 'install');
    for (const [i, args] of instructions.yarn.entries())
      await this.yarn(
        `fresh-add-${i + 1}`,
        ...args.map(arg =>
          archives.has(arg) ? `${arg}@file:${archives.get(arg)}` : arg,
        ),
      );
    const index = path.join(this.dir, 'packages/backend/src/index.ts');
    const source = readFileSync(index, 'utf8');
    const start = 'backend.start();';
    if (!source.includes(start)) throw new Error(`no ${start} in ${index}`);
    writeFileSync(
      index,
      source.replace(start, `${instructions.backend.join('\n')}\n\n${start}`),
    );
  }

  /**
   * Runs Yarn in the app, without its questions to other services than the
   * registry; throws a Problem that names the log on failure.
   */
  async yarn(log: string, ...args: string[]): Promise<void> {
    await run(log, 'yarn', args, {
      cwd: this.dir,
      env: {
        ...this.env,
        YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
        YARN_ENABLE_TELEMETRY: 'false',
        YARN_TS_ENABLE_AUTO_TYPES: 'false',
      },
    });
  }
}

/** The generator wants a `yarn` on the path; this one needs no installation. */
function withYarn(node: Node, workDir: string) {
  const { command, args, options } = yarn(node);
  const bin = path.join(workDir, 'bin');
  mkdirSync(bin, { recursive: true });
  const shim = path.join(bin, 'yarn');
  writeFileSync(shim, `#!/bin/sh\nexec ${command} ${args.join(' ')} "$@"\n`);
  chmodSync(shim, 0o755);
  const PATH = [bin, options.env.PATH].join(path.delimiter);
  return { ...options.env, PATH };
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
