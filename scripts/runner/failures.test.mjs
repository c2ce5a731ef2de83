import assert from 'node:assert/strict';
import { it } from 'node:test';
import { requireFreeSpace } from './disk.mjs';
import { explain } from './failures.mjs';
import { Problem } from './problem.mjs';

it('says that the disk is full', () => {
  assert.match(
    explain('Error: ENOSPC: no space left on device, write'),
    /disk/,
  );
  assert.match(explain('tar: write error: No space left on device'), /disk/);
});

it('says that a download failed', () => {
  for (const output of [
    '➤ YN0001: │ RequestError: getaddrinfo ENOTFOUND registry.example',
    'npm error code E404',
    'npm error code ETIMEDOUT',
    '➤ YN0035: │ The remote server failed. Response Code: 503 (Service Unavailable)',
  ])
    assert.match(explain(output), /download/, output);
});

it('does not guess', () => {
  assert.equal(explain('TypeError: x is not a function'), undefined);
});

it('looks at the free space before it fills the disk', () => {
  const free = gb => () => ({ bavail: gb * 1024, bsize: 1024 ** 2 });
  requireFreeSpace(4, 'Installing', free(5));
  assert.throws(
    () => requireFreeSpace(4, 'Installing', free(3)),
    error =>
      error instanceof Problem && /needs 4 GB.* 3\.0 GB/.test(error.message),
  );
});
