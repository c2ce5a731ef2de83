import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureChromium } from '../../scripts/runner/chromium.mjs';
import { requireFreeSpace } from '../../scripts/runner/disk.mjs';
import { main } from '../../scripts/runner/main.mjs';
import { ensureNode } from '../../scripts/runner/node.mjs';
import { root, tools } from '../../scripts/runner/paths.mjs';
import { freePort } from '../../scripts/runner/ports.mjs';
import { endAll } from '../../scripts/runner/processes.mjs';
import { step } from '../../scripts/runner/progress.mjs';
import { serve, startWorld, waitFor } from '../../scripts/runner/servers.mjs';
import { GuestApi } from '../../scripts/runner/api.mjs';
import { FreshApp } from './app.ts';
import { seeCard } from './card.ts';
import { tryCt } from './ct.ts';
import { packAll } from './packages.ts';
import { readInstructions } from './readme.ts';

const worldDir = path.join(root, 'packages/demo-world');
const entity = 'default/component/checkout';

main(async () => {
  const node = await ensureNode();
  const instructions = readInstructions();
  requireFreeSpace(4, 'Installing into a fresh app');
  const workDir = mkdtempSync(path.join(tmpdir(), 'sigstore-install-'));
  try {
    const archives = await step('Packing', () => packAll(node, workDir));
    await step('ct from its package', () => tryCt(node, archives, workDir));
    const app = await step('Generating a fresh app', () =>
      FreshApp.create(node, workDir),
    );
    app.pin(archives);
    await step('Following the README, some minutes', () =>
      app.follow(instructions, archives),
    );
    await step('Checking types', () => app.yarn('fresh-tsc', 'tsc'));

    await seeItRun(node, app);
    return 0;
  } finally {
    await endAll();
    // Some hundred thousand files: nobody has to wait for that.
    spawn('rm', ['-rf', workDir], { detached: true, stdio: 'ignore' }).unref();
  }
});

async function seeItRun(
  node: Awaited<ReturnType<typeof ensureNode>>,
  app: FreshApp,
): Promise<void> {
  const executablePath = await ensureChromium(node);
  const [appPort, backendPort] = [await freePort(0), await freePort(0)];
  const appUrl = `http://localhost:${appPort}`;
  const backendUrl = `http://localhost:${backendPort}`;
  const ports = path.join(app.dir, 'app-config.ports.yaml');
  writeFileSync(
    ports,
    JSON.stringify({
      app: { baseUrl: appUrl },
      backend: {
        baseUrl: backendUrl,
        listen: { port: backendPort, host: '127.0.0.1' },
        cors: { origin: appUrl },
      },
    }),
  );
  const worldUrl = await startWorld(node, worldDir);
  const configs = [
    path.join(app.dir, 'app-config.yaml'),
    path.join(worldDir, 'app-config.demo.yaml'),
    ports,
  ];
  const { failed } = serve(
    'fresh app',
    'yarn',
    ['start', ...configs.flatMap(file => ['--config', file])],
    {
      cwd: app.dir,
      env: {
        ...app.env,
        SIGSTORE_WORLD_DIR: worldDir,
        SIGSTORE_WORLD_URL: worldUrl,
        GITHUB_TOKEN: 'none',
      },
    },
  );
  const api = new GuestApi(backendUrl);
  await step('Starting it', () =>
    waitFor('the fresh app', async () => api.tryGet('/api/sigstore/flow'), {
      failed,
      withinMs: 300_000,
    }),
  );
  await step('Waiting for the index', () =>
    waitFor(
      'the index',
      async () => {
        const flow = await api.tryGet('/api/sigstore/flow');
        return flow?.discoveredAt && flow.references > 0 && flow.pending === 0;
      },
      { failed, withinMs: 300_000 },
    ),
  );
  const shots = path.join(tools, 'logs');
  mkdirSync(shots, { recursive: true });
  await step('Reading the card', () =>
    seeCard({
      ...{ executablePath, appUrl, entity },
      words: /was signed by someone else/i,
      screenshot: path.join(shots, 'fresh-app-card.png'),
    }),
  );
}
