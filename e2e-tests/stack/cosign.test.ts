import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cosignVerdicts } from '../record/cosignCheck.ts';
import { worldDir } from './paths.ts';

describe('real cosign, offline, on the recorded world', () => {
  it('accepts what is sound and refuses what is not, for the right reason', async () => {
    const verdicts = await cosignVerdicts(worldDir);
    assert.notEqual(verdicts.length, 0);
    for (const { what, expected, refusal } of verdicts) {
      if (expected) assert.match(refusal ?? 'accepted', expected, what);
      else assert.equal(refusal, undefined, what);
    }
  });
});
