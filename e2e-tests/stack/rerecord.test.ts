import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { cosignVerdicts } from '../record/cosignCheck.ts';
import { describeWorld } from '../record/describeWorld.ts';
import { worldDir } from './paths.ts';

const execute = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..', '..');

describe('a world recorded again', () => {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'world-'));
  const world = path.join(scratch, 'world');

  before(async () => {
    cpSync(worldDir, world, { recursive: true });
    const recorder = path.join(root, 'e2e-tests', 'record', 'record.ts');
    await execute(process.execPath, [recorder, '--out', world], { cwd: root });
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  it('has other keys', () => {
    const [again, committed] = [world, worldDir].map(dir =>
      readFileSync(path.join(dir, 'recorded', 'trusted_root.json'), 'utf8'),
    );
    assert.notEqual(again, committed);
  });

  it('is the same in everything else', () => {
    assert.deepEqual(describeWorld(world), describeWorld(worldDir));
  });

  for (const years of ['0', '5']) {
    it(`shows what is expected, ${years} years ahead`, async () => {
      const demo = path.join(root, 'scripts', 'demo.mjs');
      const options = ['--check', '--port', '0', '--world', world];
      const { stdout } = await execute(
        process.execPath,
        [demo, ...options, '--years-ahead', years],
        { cwd: root },
      );
      assert.match(stdout, /rows agree, 0 do not/);
    });
  }

  it('is judged by real cosign as the recorded one is', async () => {
    for (const { what, expected, refusal } of await cosignVerdicts(world)) {
      if (expected) assert.match(refusal ?? 'accepted', expected, what);
      else assert.equal(refusal, undefined, what);
    }
  });
});
