import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../runner/paths.mjs';
import { Problem } from '../runner/problem.mjs';
import { deriveAttacks } from './attacks.mjs';
import { readCases } from './readCases.mjs';
import { describeRow } from './runCases.mjs';

const world = path.join(root, 'packages/demo-world/recorded');
const plan = path.join(world, 'store/prod/checkout/plan.json');
const honest = {
  id: 'plan',
  bundle: `${plan}.sigstore.json`,
  artifact: plan,
  trustedRoot: path.join(world, 'trusted_root.json'),
  identity:
    'https://github.com/acme/checkout/.github/workflows/plan.yml@refs/heads/main',
  issuer: 'https://token.actions.githubusercontent.com',
  expect: 'verify',
};

describe('reading signed cases', () => {
  let dir;
  before(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'cases-'));
  });
  after(() => rmSync(dir, { recursive: true }));

  const read = text => {
    writeFileSync(path.join(dir, 'cases.json'), text);
    return readCases(dir);
  };

  it('finds files below the folder, and leaves out what is not said', () => {
    const [one] = read(
      '[{"id":"a","bundle":"b.json","artifact":"a","trustedRoot":"r","key":"k","expect":"reject"}]',
    );
    assert.deepEqual(one, {
      id: 'a',
      bundle: path.join(dir, 'b.json'),
      artifact: path.join(dir, 'a'),
      trustedRoot: path.join(dir, 'r'),
      key: path.join(dir, 'k'),
      expect: 'reject',
    });
  });

  for (const text of [
    '',
    '{}',
    '[]',
    '[{"id":"a","expect":"maybe"}]',
    '[null]',
  ])
    it(`says what is wrong with ${text || 'nothing'}`, () => {
      assert.throws(() => read(text), Problem);
    });
});

describe('deriving attacks', () => {
  it('changes something every time, and expects nothing to get by', () => {
    const { cases, remove } = deriveAttacks([honest]);
    try {
      assert.ok(cases.length > 60, `${cases.length} attacks`);
      const content = file => {
        try {
          return readFileSync(file, 'utf8');
        } catch {
          return `${file} cannot be read`;
        }
      };
      const parts = one =>
        JSON.stringify([
          ...[one.bundle, one.artifact, one.trustedRoot].map(content),
          ...[one.identity, one.issuer, one.key, one.predicateType],
        ]);
      for (const one of cases) {
        assert.notEqual(parts(one), parts(honest), one.id);
        assert.equal(one.expect, 'reject');
      }
      assert.equal(new Set(cases.map(({ id }) => id)).size, cases.length);
    } finally {
      remove();
    }
  });

  it('takes no more of a kind than is asked for', () => {
    const given = Array.from({ length: 7 }, (_, i) => ({
      ...honest,
      id: `${i}`,
    }));
    const { cases, remove } = deriveAttacks(given, 3);
    remove();
    const kinds = Map.groupBy(cases, ({ id }) => id.replace(/^\d: /, ''));
    for (const [kind, some] of kinds) assert.equal(some.length, 3, kind);
  });

  it('leaves alone what is not there or rejected anyway', () => {
    const { cases, remove } = deriveAttacks([
      { ...honest, expect: 'reject' },
      { ...honest, bundle: path.join(world, 'none') },
    ]);
    remove();
    assert.deepEqual(cases, []);
  });
});

it('a disagreement names the case, the way, and what was found there', () => {
  const found = [
    { way: 'ct', accepted: true, detail: 'exit 0' },
    { way: 'the service', accepted: false, detail: 'no-signature' },
  ];
  assert.equal(
    describeRow({ id: 'a', expect: 'verify', found }),
    '✗ a, through the service: expected to verify, rejected (no-signature)',
  );
  assert.equal(
    describeRow({ id: 'a', expect: 'reject', found }),
    '✗ a, through ct: expected to be rejected, verified (exit 0)',
  );
});
