#!/usr/bin/env node
import path from 'node:path';
import { parseArgs } from 'node:util';
import { deriveAttacks } from './cases/attacks.mjs';
import { readCases } from './cases/readCases.mjs';
import { tallyOf } from './cases/outcomes.mjs';
import { runCases } from './cases/runCases.mjs';
import { ensureInstalled } from './runner/install.mjs';
import { main } from './runner/main.mjs';
import { ensureNode } from './runner/node.mjs';
import { Problem } from './runner/problem.mjs';
import { step } from './runner/progress.mjs';

const usage = `npm run verify-cases -- DIR [--attacks [--most N]]

  Runs every case of a folder in the form of ../shared/signed-cases through ct
  and through the backend's service, and prints each disagreement, and how often
  each reason was found.

  --attacks  instead, what can be done to the cases that verify: another
             artifact, another identity, flipped bytes, swapped evidence; every
             one of these must be looked at and rejected, but for those that
             leave nothing to look at
  --most N   no more than N of each kind of attack, spread over the cases`;

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        attacks: { type: 'boolean', default: false },
        most: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (!values.help && positionals.length !== 1)
      throw new Error('Name one folder of cases.');
    const most = values.most === undefined ? Infinity : Number(values.most);
    if (!(most >= 1)) throw new Error(`--most ${values.most} is no number`);
    return { ...values, most, dir: path.resolve(positionals[0] ?? '.') };
  } catch (error) {
    throw new Problem(`${error.message}\n\n${usage}`);
  }
}

main(async () => {
  const { help, attacks, most, dir } = readOptions();
  if (help) {
    console.log(usage);
    return 0;
  }
  const node = await ensureNode();
  await ensureInstalled(node);
  const given = readCases(dir);
  const derived = attacks ? deriveAttacks(given, most) : undefined;
  try {
    const cases = derived?.cases ?? given;
    const rows = await step(`Checking ${cases.length} cases both ways`, () =>
      runCases(node, cases, attacks ? 'attacks' : 'cases'),
    );
    const wrong = rows.filter(({ agrees }) => !agrees);
    wrong.forEach(row => console.log(row.wrong.join('\n')));
    tallyOf(rows).forEach(line => console.log(line));
    console.log(`${rows.length - wrong.length} passed, ${wrong.length} failed`);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    derived?.remove();
  }
});
