#!/usr/bin/env node
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkWorld, readExpected } from './runner/check.mjs';
import { startDemo } from './runner/demo.mjs';
import { main } from './runner/main.mjs';
import { ensureNode } from './runner/node.mjs';
import { root } from './runner/paths.mjs';
import { Problem } from './runner/problem.mjs';
import { formatDisagreements, formatTable } from './runner/table.mjs';

const usage = `npm run demo -- [options]

  --port N         serve on this port, 0 for any that is free (default 7007)
  --world DIR      show another copy of the recorded world
  --check          compare what it shows with DIR/expected.yaml and leave:
                   0 when all rows agree, 1 when one does not
  --years-ahead N  with the clock of the backend N years ahead`;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '7007' },
        world: { type: 'string', default: 'packages/demo-world' },
        check: { type: 'boolean', default: false },
        'years-ahead': { type: 'string', default: '0' },
        help: { type: 'boolean', default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535)
      throw new Error(`--port ${values.port} is no port number`);
    const yearsAhead = Number(values['years-ahead']);
    if (!Number.isFinite(yearsAhead))
      throw new Error(`--years-ahead ${values['years-ahead']} is no number`);
    return {
      ...{ check: values.check, help: values.help, port, yearsAhead },
      worldDir: path.resolve(
        values.world === 'packages/demo-world' ? root : process.cwd(),
        values.world,
      ),
    };
  } catch (error) {
    throw new Problem(`${error.message}\n\n${usage}`);
  }
}

main(async () => {
  const { help, check, ...options } = readOptions();
  if (help) {
    console.log(usage);
    return 0;
  }
  const node = await ensureNode();
  const demo = await startDemo({ node, ...options });

  if (check) {
    const rows = await checkWorld(demo, readExpected(options.worldDir));
    console.log(`\n${formatTable(rows)}\n`);
    const wrong = rows.filter(row => !row.agrees).length;
    if (wrong > 0) console.log(`${formatDisagreements(rows)}\n`);
    console.log(`${rows.length - wrong} rows agree, ${wrong} do not`);
    return wrong === 0 ? 0 : 1;
  }

  console.log(`\n  Open ${demo.url} and choose “Enter” as a guest.`);
  console.log(`  Usable after ${demo.took}. Ctrl-C ends it.\n`);
  return demo.failed;
});
