import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../runner/paths.mjs';
import { generatedPages } from './generatedPages.mjs';

const pages = generatedPages();

describe('generated pages', () => {
  for (const [page, text] of pages) {
    it(`${page} says what the plugins say`, () => {
      const file = path.join(root, page);
      const remedy = 'run npm run yarn -- docs:findings and commit the result';
      assert.ok(existsSync(file), remedy);
      assert.equal(readFileSync(file, 'utf8'), text, remedy);
    });
  }

  it('has no page for a finding that no longer exists', () => {
    const names = readdirSync(path.join(root, 'docs/findings'));
    assert.deepEqual(
      names.map(name => `docs/findings/${name}`).filter(p => !pages.has(p)),
      [],
    );
  });
});
