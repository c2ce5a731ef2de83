import { createWriteStream, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { bundle } from './build.mjs';
import { logFile, root, shown } from './paths.mjs';
import { Problem } from './problem.mjs';
import { start } from './processes.mjs';

const script = name =>
  pathToFileURL(path.join(root, 'scripts/runner', name)).href;
const yearMs = 365.25 * 24 * 3600 * 1000;

/**
 * Starts a server with its output in a log. Returns the process, and a promise
 * that fails when it ends by itself.
 *
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function serve(name, command, args, options) {
  const { child, ended } = start(command, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const file = logFile(name.replace(/ /g, '-'));
  const log = createWriteStream(file);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const failed = ended.then(({ code, signal, error }) => {
    const tail = readFileSync(file, 'utf8').trim().split('\n').slice(-8);
    throw new Problem(
      `The ${name} ended (${
        error?.message ?? signal ?? `exit code ${code}`
      }).\n\n${tail
        .map(line => line.slice(0, 400))
        .join('\n')}\n\nFull output: ${shown(file)}`,
    );
  });
  // Whoever waits for the server races with this; ended on purpose, nobody does.
  failed.catch(() => {});
  return { child, failed };
}

function serveNode(name, node, args, { env, cwd = root, yearsAhead = 0 } = {}) {
  const imports = ['--import', script('endWithRunner.mjs')];
  if (yearsAhead) imports.push('--import', script('shiftClock.mjs'));
  const ahead = `${Math.round(yearsAhead * yearMs)}`;
  return serve(name, node.program, [...imports, ...args], {
    cwd,
    env: { ...node.env, ...env, DEMO_CLOCK_AHEAD_MS: ahead },
  });
}

/** Starts the server of a recorded world. Returns its address. */
export async function startWorld(node, worldDir) {
  const program = path.join(root, 'packages/demo-world/src/server.ts');
  const args = [program, '--world', worldDir, '--port', '0'];
  const { child, failed } = serveNode('world', node, args);
  const address = new Promise(resolve => {
    let text = '';
    child.stdout.on('data', chunk => {
      text += chunk;
      const found = text.match(/^demo world on (http:\S+)/m);
      if (found) resolve(found[1]);
    });
  });
  return Promise.race([address, failed]);
}

/**
 * Starts the built backend, which serves the app too. Returns its address and
 * a promise that fails when it ends by itself.
 */
export function startBackstage(
  node,
  { worldDir, worldUrl, port, yearsAhead, configs },
) {
  const configArgs = [
    'app-config.yaml',
    'packages/backend/app-config.one-port.yaml',
    'packages/demo-world/app-config.demo.yaml',
    ...configs,
  ].flatMap(file => ['--config', path.resolve(root, file)]);
  const { failed } = serveNode(
    'backend',
    node,
    ['packages/backend', ...configArgs],
    {
      cwd: bundle,
      yearsAhead,
      env: {
        NODE_ENV: 'production',
        DEMO_PORT: `${port}`,
        SIGSTORE_WORLD_DIR: worldDir,
        SIGSTORE_WORLD_URL: worldUrl,
      },
    },
  );
  return { url: `http://localhost:${port}`, failed };
}

/**
 * Asks again and again until the answer is not empty. Throws a Problem when
 * that takes too long, or what `failed` rejects with.
 *
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} ask
 * @param {{ failed?: Promise<never>, withinMs?: number }} options
 */
export async function waitFor(what, ask, { failed, withinMs = 120_000 } = {}) {
  const asking = (async () => {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const answer = await ask();
      if (answer) return answer;
      if (Date.now() > deadline)
        throw new Problem(`Gave up waiting for ${what}. See .tools/logs.`);
      await delay(200);
    }
  })();
  return failed ? Promise.race([asking, failed]) : asking;
}
