import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../runner/paths.mjs';

const pages = execFileSync('git', ['ls-files', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean);

/** Links and images of a page that lead to files of this repository. */
function relativeLinks(page) {
  const text = readFileSync(path.join(root, page), 'utf8');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter(target => !/^([a-z]+:|#)/.test(target));
}

/** The anchors that headings of a page get. */
function anchors(page) {
  const text = readFileSync(path.join(root, page), 'utf8');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}

describe('links between pages', () => {
  for (const page of pages.filter(p => existsSync(path.join(root, p)))) {
    it(`${page} leads nowhere wrong`, () => {
      for (const link of relativeLinks(page)) {
        const [target, anchor] = link.split('#');
        const file = path.join(path.dirname(page), target);
        assert.ok(existsSync(path.join(root, file)), `${link} does not exist`);
        if (anchor) {
          assert.ok(anchors(file).includes(anchor), `${link} has no such part`);
        }
      }
    });
  }
});
