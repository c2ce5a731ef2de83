import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { databaseAnswers } from './database.ts';
import { type Stack, start } from './stack.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const skip = (await databaseAnswers()) ? false : 'no database for Rekor v1';

/** The engine's tests of searching and reading a log, on a real one. */
describe('Rekor v1', { skip }, () => {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'rekor-'));
  let stack: Stack;

  before(async () => {
    stack = await start(path.join(scratch, 'run'), 'whole', () => {});
  });
  after(async () => {
    await stack?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  it('passes the engine’s tests of a real log', async () => {
    const { stderr } = await promisify(execFile)(
      process.execPath,
      [
        path.join(root, 'node_modules/@backstage/cli/bin/backstage-cli'),
        ...['package', 'test', '--watchAll=false', '--maxWorkers=1'],
        'src/transparency/realServer.test.ts',
      ],
      {
        cwd: path.join(root, 'packages', 'engine'),
        env: { ...process.env, REKOR_TEST_URL: stack.loopback.rekorV1 },
      },
    );
    assert.match(stderr, /^Tests: +\d+ passed, \d+ total$/m);
  });
});
