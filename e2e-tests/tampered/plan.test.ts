import assert from 'node:assert/strict';
import { it } from 'node:test';
import { tamperings } from '../record/tamper.ts';
import { worldDir } from '../stack/paths.ts';
import { expectedAfter, worlds } from './plan.ts';

const all = tamperings(worldDir);

it('makes every change to every artifact, one at a time', () => {
  const planned = worlds(all);
  const made = planned
    .flat()
    .map(({ row, change }) => `${row.reference} ${change}`);
  const wanted = all.map(({ row, change }) => `${row.reference} ${change}`);
  assert.deepEqual([...made].sort(), [...new Set(wanted)].sort());
  for (const world of planned) {
    const references = world.map(({ row }) => row.reference);
    assert.equal(new Set(references).size, references.length);
  }
});

it('expects the change of what was changed, and nothing else', () => {
  const [tampering] = all;
  const other = {
    ...tampering.row,
    reference: 'registry.acme.example/other:1',
  };
  assert.deepEqual(expectedAfter([tampering.row, other], [tampering]), [
    { ...tampering.row, ...tampering.expected, signer: null },
    other,
  ]);
});
