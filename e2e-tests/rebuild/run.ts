import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { checkWorld, readExpected } from '../../scripts/runner/check.mjs';
import { ensureChromium } from '../../scripts/runner/chromium.mjs';
import { startDemo } from '../../scripts/runner/demo.mjs';
import { main } from '../../scripts/runner/main.mjs';
import { ensureNode } from '../../scripts/runner/node.mjs';
import { root, tools } from '../../scripts/runner/paths.mjs';
import { endAll, run } from '../../scripts/runner/processes.mjs';
import { step } from '../../scripts/runner/progress.mjs';
import { launchOptions } from '../browser/chromium.ts';
import { before, after, showsEverywhere } from './shows.ts';

/*
 * Pages say what is stored: with the flow stopped, a stored verdict is changed
 * and its roll-up rebuilt, and API, card, tab and annotation all follow.
 */
const worldDir = path.join(root, 'packages/demo-world');
const entity = 'component:default/storefront';
const reference = 'registry.acme.example/acme/storefront:3.2.0';
type Node = Awaited<ReturnType<typeof ensureNode>>;

main(async () => {
  const node = await ensureNode();
  mkdirSync(tools, { recursive: true });
  const scratch = mkdtempSync(path.join(tools, 'rebuild-'));
  try {
    await index(node, scratch);
    await endAll();
    await changeAndCompare(node, scratch);
    await endAll();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return 0;
});

/** Runs the demo on a database in a folder until the entity was checked. */
async function index(node: Node, scratch: string): Promise<void> {
  const configs = [writeConfig(scratch, true)];
  const demo = await startDemo({ node, worldDir, port: 0, configs });
  const expected = readExpected(worldDir);
  const rows = await step('Indexing', () =>
    checkWorld(demo, {
      artifacts: expected.artifacts.filter(
        (row: { entity: string }) => row.entity === entity,
      ),
      entities: [],
    }),
  );
  if (rows.length !== 1 || !rows[0].agrees)
    throw new Error(`${reference} is not as expected before the change`);
}

async function changeAndCompare(node: Node, scratch: string): Promise<void> {
  const configs = [writeConfig(scratch, false)];
  const demo = await startDemo({ node, worldDir, port: 0, configs });
  const browser = await chromium.launch({
    ...launchOptions,
    executablePath: await ensureChromium(node),
  });
  try {
    const page = await browser.newPage({ baseURL: demo.url });
    await step('As it was checked', () => showsEverywhere(demo, page, before));
    await step('Changing the verdict', () => rebuild(node, scratch));
    await step('As it was changed', () => showsEverywhere(demo, page, after));
  } finally {
    await browser.close();
  }
}

function writeConfig(scratch: string, enabled: boolean): string {
  const file = path.join(scratch, `app-config.flow-${enabled}.yaml`);
  const connection = { directory: scratch };
  // JSON is YAML too.
  writeFileSync(
    file,
    JSON.stringify({
      backend: { database: { connection } },
      sigstore: { flow: { enabled } },
    }),
  );
  return file;
}

function rebuild(node: Node, scratch: string): Promise<string> {
  return run(
    'rebuild-verdict',
    node.program,
    [
      ...['--require', '@backstage/cli/config/nodeTransform.cjs'],
      ...[
        'dev/rebuild.ts',
        '--database',
        path.join(scratch, 'sigstore.sqlite'),
      ],
      ...['--entity', entity, '--reference', reference],
      ...['--finding', 'signer-not-allowed'],
    ],
    { cwd: path.join(root, 'plugins/sigstore-backend'), env: node.env },
  );
}
