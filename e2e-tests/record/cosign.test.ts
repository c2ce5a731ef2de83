import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { worldDir } from '../stack/paths.ts';
import { toolPath } from '../stack/tools.ts';
import { cosignVerdicts } from './cosignCheck.ts';

const isBuilt = existsSync(toolPath('cosign'));

describe('real cosign, offline, on the recorded world', () => {
  it(
    'accepts what is sound and refuses what is not, for the right reason',
    { skip: isBuilt ? false : 'cosign is not built; yarn stack:up builds it' },
    async () => {
      const verdicts = await cosignVerdicts(worldDir);
      for (const { what, expected, refusal } of verdicts) {
        if (expected) assert.match(refusal ?? 'accepted', expected, what);
        else assert.equal(refusal, undefined, what);
      }
      assert.ok(verdicts.length > 0);
    },
  );
});
