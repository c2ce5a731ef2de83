import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec as Spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { buildTools } from './tools.ts';

/**
 * `yarn test:stack`: the tests against the real signing tools. Builds them
 * first; needs Go. One file after the other, because the timestamp authority
 * insists on one port. `--quick` leaves out the recording of a second world,
 * which takes twelve minutes. Last line: N passed, N failed, N skipped.
 */
const { values } = parseArgs({ options: { quick: { type: 'boolean' } } });
await buildTools('whole', line => console.log(line));

const slow = 'rerecord.test.ts';
const files = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.test.ts') && !(values.quick && file === slow))
  .map(file => path.join(import.meta.dirname, file));
const tally = { passed: 0, failed: 0, skipped: values.quick ? 1 : 0 };

const tests = run({ files, concurrency: false });
tests.on('test:pass', ({ skip, details }) => {
  if (details.type === 'suite') return;
  if (skip === undefined) tally.passed += 1;
  else tally.skipped += 1;
});
tests.on('test:fail', ({ details }) => {
  if (details.type !== 'suite') tally.failed += 1;
});
tests.compose(new Spec()).pipe(process.stdout);
tests.on('close', () => {
  process.stdout.write('', () => {
    console.log(
      `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`,
    );
    process.exitCode = tally.failed === 0 ? 0 : 1;
  });
});
