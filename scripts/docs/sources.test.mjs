import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../runner/paths.mjs';

const page = readFileSync(path.join(root, 'docs/sources.md'), 'utf8');

/** The rows of the first table below a heading, without its head. */
function table(heading) {
  const [, rest = ''] = page.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [, text = ''] = /^((?:\|.*\n)+)/m.exec(rest) ?? [];
  const [head = [], , ...rows] = text
    .trim()
    .split('\n')
    .map(line =>
      line
        .slice(1, -1)
        .split('|')
        .map(cell => cell.trim()),
    );
  return { head, rows };
}

/** Tests are named as `file`: name of the test. */
function namedTests(cell) {
  return [...cell.matchAll(/`([^`]+)`: ([^;]+)/g)].map(([, file, name]) => ({
    file,
    name: name.trim(),
  }));
}

const matrix = table('Found and verified');
const places = matrix.head.slice(1);

describe('sources.md', () => {
  it('has a matrix', () => {
    assert.ok(matrix.rows.length > 0 && places.length > 0);
  });

  for (const [column, place] of places.entries()) {
    const shown = new Map(table(place).rows);
    for (const [tool, ...cells] of matrix.rows) {
      if (cells[column] !== '✓') continue;
      it(`names the test of ${tool} in ${place}`, () => {
        assert.ok(namedTests(shown.get(tool) ?? '').length > 0);
      });
    }
    it(`has no tests of ${place} that the matrix lacks`, () => {
      const claimed = matrix.rows
        .filter(([, ...cells]) => cells[column] === '✓')
        .map(([tool]) => tool);
      assert.deepEqual([...shown.keys()].sort(), claimed.sort());
    });
  }

  const cells = ['Trouble', ...places].flatMap(heading =>
    table(heading).rows.map(row => row.at(-1)),
  );
  for (const { file, name } of cells.flatMap(namedTests)) {
    it(`names a test that there is: ${file}: ${name}`, () => {
      assert.ok(existsSync(path.join(root, file)), file);
      assert.ok(
        readFileSync(path.join(root, file), 'utf8').includes(name),
        name,
      );
    });
  }
});
