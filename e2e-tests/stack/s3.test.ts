import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { s3Credentials } from './furtherServicePlans.ts';
import { type Stack, start } from './stack.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** The engine's tests of objects and bundles in S3, on a real server. */
describe('S3 with versions and Object Lock', () => {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 's3-'));
  let stack: Stack;

  before(async () => {
    stack = await start(path.join(scratch, 'run'), 'whole', () => {});
  });
  after(async () => {
    await stack?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  it('passes the engine’s tests of a real server', async () => {
    const { stderr } = await promisify(execFile)(
      process.execPath,
      [
        path.join(root, 'node_modules/@backstage/cli/bin/backstage-cli'),
        ...['package', 'test', '--watchAll=false', '--maxWorkers=1'],
        'src/resolve/s3/realServer.test.ts',
      ],
      {
        cwd: path.join(root, 'packages', 'engine'),
        env: {
          ...process.env,
          S3_TEST_ENDPOINT: stack.loopback.s3,
          S3_TEST_ACCESS_KEY: s3Credentials.accessKeyId,
          S3_TEST_SECRET_KEY: s3Credentials.secretAccessKey,
        },
      },
    );
    assert.match(stderr, /^Tests: +\d+ passed, \d+ total$/m);
  });
});
