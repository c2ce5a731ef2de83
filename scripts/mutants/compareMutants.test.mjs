import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareMutants } from './compareMutants.mjs';

const source = 'const a = b > 1;\nif (a) {\n  fail();\n}\n';
const at = (startLine, startColumn, endLine, endColumn) => ({
  start: { line: startLine, column: startColumn },
  end: { line: endLine, column: endColumn },
});
const comparison = {
  mutatorName: 'EqualityOperator',
  replacement: 'b >= 1',
  location: at(1, 11, 1, 16),
};
const block = {
  mutatorName: 'BlockStatement',
  replacement: '{}',
  location: at(2, 8, 4, 2),
};
const reportOf = (...mutants) => ({
  files: { 'src/a.ts': { source, mutants } },
});
const explained = {
  file: 'src/a.ts',
  mutator: 'EqualityOperator',
  source: 'b > 1',
  replacement: 'b >= 1',
  why: 'b is never 1',
};

test('a mutant that no test killed survives, also where no test reaches it', () => {
  const { survived, killed } = compareMutants(
    reportOf(
      { ...comparison, status: 'Survived' },
      { ...block, status: 'NoCoverage' },
      { ...block, status: 'Killed' },
      { ...block, status: 'Timeout' },
    ),
    [],
  );
  assert.deepEqual(
    survived.map(({ line, source: from }) => [line, from]),
    [
      [1, 'b > 1'],
      [2, '{ fail(); }'],
    ],
  );
  assert.equal(killed, 2);
});

test('an explanation covers one mutant, and is stale without one', () => {
  const survivor = { ...comparison, status: 'Survived' };
  assert.deepEqual(
    compareMutants(reportOf(survivor), [explained]).survived,
    [],
  );
  assert.equal(
    compareMutants(reportOf(survivor, survivor), [explained]).survived.length,
    1,
  );
  assert.deepEqual(
    compareMutants(reportOf({ ...comparison, status: 'Killed' }), [explained])
      .stale,
    [explained],
  );
  const elsewhere = { ...explained, file: 'src/b.ts' };
  assert.deepEqual(compareMutants(reportOf(), [elsewhere]).stale, []);
});
