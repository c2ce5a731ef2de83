import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../runner/paths.mjs';
import { Problem } from '../runner/problem.mjs';
import { deriveAttacks } from './attacks.mjs';
import { readCases } from './readCases.mjs';
import { rowOf, tallyOf } from './outcomes.mjs';
import { MAY_BE_UNCHECKED } from './uncheckedAttacks.mjs';

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

  it('says of each that may not be checked why, and of no other', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = path.join(mkdtempSync(path.join(tmpdir(), 'key-')), 'key.pem');
    writeFileSync(key, publicKey.export({ type: 'spki', format: 'pem' }));
    const keyed = { ...honest, identity: undefined, issuer: undefined, key };
    const { cases, remove } = deriveAttacks([honest, keyed]);
    remove();
    rmSync(path.dirname(key), { recursive: true });
    const named = cases.filter(one => one.mayBeUnchecked);
    assert.deepEqual(
      new Set(named.map(({ id }) => id.replace('plan: ', ''))),
      new Set(MAY_BE_UNCHECKED),
    );
    assert.ok(cases.every(one => one.attack === true));
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

describe('what cases came to', () => {
  const rejected = { outcome: 'rejected', reason: 'no-signature', detail: '-' };
  const verified = { outcome: 'verified', reason: 'expected-signer' };
  const unchecked = {
    outcome: 'not-checked',
    reason: 'usage',
    detail: 'exit 2',
  };
  const row = (one, ...results) =>
    rowOf(
      { id: 'a', expect: 'reject', ...one },
      results.map((result, at) => ({
        way: ['ct', 'the service'][at],
        detail: result.outcome,
        ...result,
      })),
    );

  it('a disagreement names the case, the way, and what was found there', () => {
    const { agrees, wrong } = row({ expect: 'verify' }, verified, rejected);
    assert.equal(agrees, false);
    assert.deepEqual(wrong, [
      '✗ a, through the service: expected to verify, rejected (-)',
    ]);
    assert.deepEqual(row({}, verified, rejected).wrong, [
      '✗ a, through ct: expected to be rejected, verified (verified)',
    ]);
  });

  it('an attack that was not checked did not fail, unless it is of that kind', () => {
    assert.deepEqual(row({ attack: true }, rejected, unchecked).wrong, [
      '✗ a, through the service: expected to be rejected, not checked (exit 2)',
    ]);
    assert.ok(row({ attack: true }, rejected, rejected).agrees);
    const mayBe = { attack: true, mayBeUnchecked: true };
    assert.ok(row(mayBe, unchecked, rejected).agrees);
    assert.ok(!row(mayBe, unchecked, verified).agrees);
  });

  it('a case of others that cannot be checked is not verified', () => {
    assert.ok(row({}, unchecked, rejected).agrees);
    assert.ok(!row({ expect: 'verify' }, unchecked, verified).agrees);
  });

  it('tells how often each reason was found, so that a fault is seen', () => {
    const rows = [
      row({}, rejected, rejected),
      row({}, unchecked, rejected),
      row({}, rejected, verified),
    ];
    assert.deepEqual(tallyOf(rows), [
      'through ct: 2 rejected (no-signature 2); 1 not checked (usage 1)',
      'through the service: 1 verified; 2 rejected (no-signature 2)',
    ]);
  });
});
