import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './paths.mjs';
import { Problem } from './problem.mjs';
import { run } from './processes.mjs';
import { step } from './progress.mjs';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function onPath(name) {
  if (path.isAbsolute(name)) return existsSync(name) ? name : undefined;
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map(dir => path.join(dir, name))
    .find(existsSync);
}

/** A browser that is there may still lack a library, so it renders a page. */
function renders(program) {
  try {
    const page = execFileSync(
      program,
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update'],
        ...['--dump-dom', 'data:text/html,<p>rendered</p>'],
      ],
      {
        encoding: 'utf8',
        timeout: 60_000,
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    return page.includes('rendered');
  } catch {
    return false;
  }
}

function playwrightsOwn() {
  const { chromium } = createRequire(path.join(root, 'e2e-tests/package.json'))(
    '@playwright/test',
  );
  const program = chromium.executablePath();
  return program && existsSync(program) ? program : undefined;
}

const findWorking = () =>
  [process.env.CHROMIUM_PATH, ...names.map(onPath), playwrightsOwn()].find(
    program => program && renders(program),
  );

async function install(title, log, command, args, options) {
  try {
    await step(title, () => run(log, command, args, options));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.log(`  ${error.message.split('\n')[0]}`);
  }
}

/**
 * A Chromium that works here: one that is installed already, else the one
 * Playwright downloads, else Debian's. Returns its path; throws a Problem when
 * none of these works.
 */
export async function ensureChromium(node) {
  let found = findWorking();
  if (!found) {
    const cli = path.join(root, 'node_modules/playwright/cli.js');
    await install(
      ...['Downloading Chromium', 'install-chromium'],
      ...[node.program, [cli, 'install', 'chromium'], { env: node.env }],
    );
    found = findWorking();
  }
  if (!found && process.getuid?.() === 0 && onPath('apt-get')) {
    const env = { ...node.env, DEBIAN_FRONTEND: 'noninteractive' };
    await install(
      ...['Reading the package lists of Debian', 'apt-update'],
      ...['apt-get', ['update'], { env }],
    );
    await install(
      ...['Installing Chromium of Debian', 'apt-chromium'],
      ...['apt-get', ['install', '-y', '--no-install-recommends', 'chromium']],
      { env },
    );
    found = findWorking();
  }
  if (found) return found;
  throw new Problem(
    'No working Chromium was found. Install Chromium or Google Chrome, or name one in CHROMIUM_PATH, and run the same command again.',
  );
}
