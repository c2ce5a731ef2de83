import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkWorld, readExpected } from '../../scripts/runner/check.mjs';
import { startDemo } from '../../scripts/runner/demo.mjs';
import { main } from '../../scripts/runner/main.mjs';
import { ensureNode } from '../../scripts/runner/node.mjs';
import { root } from '../../scripts/runner/paths.mjs';
import { endAll, start } from '../../scripts/runner/processes.mjs';
import { step } from '../../scripts/runner/progress.mjs';
import { formatDisagreements } from '../../scripts/runner/table.mjs';
import { Tally } from '../../scripts/runner/tally.mjs';
import { type Tampering, tamper, tamperings } from '../record/tamper.ts';
import { expectedAfter, worlds } from './plan.ts';

const worldDir = path.join(root, 'packages/demo-world');
const all = tamperings(worldDir);
const tally = new Tally();

main(async () => {
  const node = await ensureNode();
  const scratch = mkdtempSync(path.join(tmpdir(), 'tampered-worlds-'));
  try {
    for (const [i, planned] of worlds(all).entries()) {
      const world = tamperedCopy(path.join(scratch, `${i + 1}`), planned);
      await tally.stage(`tampered world ${i + 1}`, () =>
        compareWithTable(node, world, planned),
      );
      await endAll();
    }
    const [first] = all;
    const world = tamperedCopy(path.join(scratch, 'first'), [first]);
    await tally.stage('npm run demo -- --check on a tampered world', () =>
      exitsNaming(node, world, first),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  console.log(tally.toString());
  return tally.failed ? 1 : 0;
});

function tamperedCopy(to: string, planned: Tampering[]): string {
  cpSync(worldDir, to, { recursive: true });
  for (const tampering of planned) tamper(to, tampering);
  return to;
}

type Node = Awaited<ReturnType<typeof ensureNode>>;

/** Every row says what the table says of its change, every other row the same. */
async function compareWithTable(
  node: Node,
  world: string,
  planned: Tampering[],
) {
  const { artifacts } = readExpected(worldDir);
  const expected = {
    artifacts: expectedAfter(artifacts, planned),
    // Entities roll up their artifacts, which are compared one by one.
    entities: [],
  };
  const demo = await startDemo({ node, worldDir: world, port: 0 });
  const rows = await step('Comparing with tamper-expected.yaml', () =>
    checkWorld(demo, expected),
  );
  const wrong = rows.filter(row => !row.agrees);
  if (wrong.length > 0) {
    console.error(planned.map(({ id }) => id).join(' '));
    console.error(formatDisagreements(wrong));
  }
  return {
    passed: rows.length - wrong.length,
    failed: wrong.length,
    skipped: 0,
  };
}

async function exitsNaming(node: Node, world: string, { row }: Tampering) {
  const { child, ended } = start(
    node.program,
    ['scripts/demo.mjs', '--check', '--port', '0', '--world', world],
    { cwd: root, env: node.env, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout!.on('data', chunk => {
    output += chunk;
  });
  const { code } = await ended;
  const named = output
    .split('\n')
    .some(line =>
      line.startsWith(`✗ ${row.entity} ${row.kind} ${row.reference}:`),
    );
  if (code !== 1 || !named)
    throw new Error(`exit code ${code}, ${row.reference} named: ${named}`);
  return { passed: 1, failed: 0, skipped: 0 };
}
