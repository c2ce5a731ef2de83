import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { binDir, servicesDir } from './paths.ts';

const run = promisify(execFile);

/**
 * Released programs that the demo world is recorded with, built from the Go
 * module proxy at exactly these versions.
 */
export const releasedTools = [
  {
    name: 'cosign',
    package: 'github.com/sigstore/cosign/v3/cmd/cosign',
    version: 'v3.1.2',
  },
  { name: 'fulcio', package: 'github.com/sigstore/fulcio', version: 'v1.8.8' },
  {
    name: 'rekor',
    package: 'github.com/sigstore/rekor-tiles/v2/cmd/rekor-server/posix',
    version: 'v2.3.0',
  },
  {
    name: 'timestamp-server',
    package: 'github.com/sigstore/timestamp-authority/v2/cmd/timestamp-server',
    version: 'v2.1.3',
  },
] as const;

/** Released programs that only the whole stack has. */
const furtherTools = [
  {
    name: 'rekor-v1',
    package: 'github.com/sigstore/rekor/cmd/rekor-server',
    version: 'v1.5.4',
  },
  {
    name: 'distribution',
    package: 'github.com/distribution/distribution/v3/cmd/registry',
    version: 'v3.1.2',
  },
  {
    name: 'versitygw',
    package: 'github.com/versity/versitygw/cmd/versitygw',
    version: 'v1.7.0',
  },
] as const;

/** Programs of `services/`, whose libraries its go.mod pins. */
const ownTools = ['authorities', 'ct-log', 'registry'] as const;
const furtherOwnTools = ['trillian'] as const;

export type Tool =
  | (typeof releasedTools)[number]['name']
  | (typeof furtherTools)[number]['name']
  | (typeof ownTools)[number]
  | (typeof furtherOwnTools)[number];

/** How much of the stack: what records the demo world, or all of it. */
export type Extent = 'core' | 'whole';

/** Where a tool is, once built. */
export function toolPath(tool: Tool): string {
  return path.join(binDir, tool);
}

/**
 * Builds what is missing or was built from something else; a stamp beside each
 * program says what it was built from.
 *
 * @param extent - of which stack
 * @param report - called with one line for every program that has to be built
 * @throws when there is no Go, or a build fails; the message holds Go's output
 */
export async function buildTools(
  extent: Extent,
  report: (line: string) => void,
): Promise<void> {
  await mkdir(binDir, { recursive: true });
  const isWhole = extent === 'whole';
  for (const tool of [...releasedTools, ...(isWhole ? furtherTools : [])]) {
    const source = `${tool.package}@${tool.version}`;
    await buildOnce(tool.name, source, report, folder =>
      go(['install', source], { GOBIN: folder }).then(() =>
        path.join(folder, path.basename(tool.package)),
      ),
    );
  }
  const sources = await ownSources();
  for (const name of [...ownTools, ...(isWhole ? furtherOwnTools : [])]) {
    await buildOnce(name, `services ${sources}`, report, async folder => {
      const built = path.join(folder, name);
      await go(['build', '-buildvcs=false', '-o', built, `./${name}`], {});
      return built;
    });
  }
}

async function buildOnce(
  name: Tool,
  source: string,
  report: (line: string) => void,
  build: (folder: string) => Promise<string>,
): Promise<void> {
  const stamp = `${toolPath(name)}.built-from`;
  const isBuilt =
    (await contentOf(stamp)) === source &&
    (await readdir(binDir)).includes(name);
  if (isBuilt) return;
  report(`building ${name} from ${source}`);
  const folder = await mkdtemp(path.join(binDir, 'build-'));
  try {
    await rename(await build(folder), toolPath(name));
    await writeFile(stamp, source);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function go(
  args: string[],
  environment: Record<string, string>,
): Promise<void> {
  try {
    await run('go', args, {
      cwd: servicesDir,
      env: {
        ...process.env,
        CGO_ENABLED: '0',
        GOFLAGS: '-trimpath',
        ...environment,
      },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: string };
    if (code === 'ENOENT') {
      throw new Error(
        'The Sigstore tools are built with Go 1.26 or newer: no go on the PATH',
      );
    }
    throw new Error(`go ${args.join(' ')} failed:\n${stderr}`);
  }
}

async function ownSources(): Promise<string> {
  const hash = createHash('sha256');
  const files = await readdir(servicesDir, { recursive: true });
  for (const file of files.filter(f => /\.go$|^go\./.test(f)).sort()) {
    hash.update(file).update(await readFile(path.join(servicesDir, file)));
  }
  return hash.digest('hex');
}

function contentOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
