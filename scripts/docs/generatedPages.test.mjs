import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../runner/paths.mjs';
import { findingExamples } from './findingExamples.mjs';
import { generatedPages } from './generatedPages.mjs';
import { loadTypeScript } from './loadTypeScript.mjs';

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

  it('has an example for every finding, of the form that findings have', () => {
    const { FINDING_CODES, findingSchema } = loadTypeScript(
      path.join(root, 'plugins/sigstore-common/src/findings.ts'),
    );
    assert.deepEqual(
      Object.keys(findingExamples).sort(),
      [...FINDING_CODES].sort(),
    );
    for (const [code, { example }] of Object.entries(findingExamples)) {
      findingSchema.parse({ code, ...example });
    }
  });

  it('has no page for a finding that no longer exists', () => {
    const names = readdirSync(path.join(root, 'docs/findings'));
    assert.deepEqual(
      names.map(name => `docs/findings/${name}`).filter(p => !pages.has(p)),
      [],
    );
  });
});
