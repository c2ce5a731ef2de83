import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Tally } from './tally.mjs';

const last = tally => tally.toString().split('\n').at(-1);

it('sums all stages in the last line', async () => {
  const tally = new Tally();
  await tally.stage('a', () => ({ passed: 2, failed: 0, skipped: 1 }));
  await tally.stage('b', () => ({ passed: 3, failed: 0, skipped: 0 }));
  assert.equal(last(tally), '5 passed, 0 failed, 1 skipped');
  assert.equal(tally.failed, false);
});

it('counts a stage that breaks, or that ran nothing, as a failure', async () => {
  const tally = new Tally();
  await tally.stage('breaks', () => {
    throw new Error('broken');
  });
  await tally.stage('empty', () => ({ passed: 0, failed: 0, skipped: 0 }));
  assert.equal(last(tally), '0 passed, 2 failed, 0 skipped');
  assert.equal(tally.failed, true);
});
