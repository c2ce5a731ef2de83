import assert from 'node:assert/strict';
import { it } from 'node:test';
import { suits } from './node.mjs';

it('knows which Node suits', () => {
  for (const version of ['v22.22.2', 'v22.23.0', 'v24.15.0', 'v24.21.0'])
    assert.equal(suits(version), true, version);
  for (const version of [
    'v20.20.2',
    'v22.22.1',
    'v23.11.0',
    'v24.14.9',
    'v26.0.0',
  ])
    assert.equal(suits(version), false, version);
});
