import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { tools } from './paths.mjs';
import { digestOf, filesBelow, whenChanged } from './stamps.mjs';

it('does again only what changed, was lost or failed', async t => {
  const name = `test-${process.pid}`;
  t.after(() => rmSync(path.join(tools, 'stamps', name), { force: true }));
  let runs = 0;
  let there = true;
  const once = (digest, run = () => runs++) =>
    whenChanged(name, digest, () => there, run);

  assert.equal(await once('a'), true);
  assert.equal(await once('a'), false);
  assert.equal(await once('b'), true);
  there = false;
  assert.equal(await once('b'), true);
  there = true;
  await assert.rejects(
    once('c', () => {
      throw new Error('interrupted');
    }),
  );
  assert.equal(await once('b'), true);
  assert.equal(runs, 4);
});

it('sees names and contents, and no build output', () => {
  const files = filesBelow(['scripts', 'package.json']);
  assert.ok(files.includes('package.json'));
  assert.ok(files.includes(path.join('scripts', 'demo.mjs')));
  assert.ok(!files.some(file => file.includes('node_modules')));
  assert.notEqual(digestOf(files), digestOf(files.slice(1)));
  assert.notEqual(digestOf(files), digestOf(files, 'a word'));
  assert.equal(digestOf(files), digestOf(files));
});
