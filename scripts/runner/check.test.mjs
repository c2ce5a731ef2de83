import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compare } from './check.mjs';
import { formatDisagreements, formatTable } from './table.mjs';

const image = {
  entity: 'component:default/checkout',
  kind: 'image',
  reference: 'registry.acme.example/acme/checkout:1.4.2',
};
const expected = {
  artifacts: [
    {
      ...image,
      status: 'unexpected-signer',
      finding: 'signer-not-allowed',
      signer: 'jane@acme.example',
    },
  ],
  entities: [{ entity: image.entity, status: 'unexpected-signer' }],
};

function reported(changes = {}, more = []) {
  const artifact = {
    ...image,
    entityRef: image.entity,
    status: 'unexpected-signer',
    findings: [{ code: 'signer-not-allowed' }],
    signer: { identity: 'jane@acme.example' },
    ...changes,
  };
  return new Map([
    [image.entity, { status: artifact.status, artifacts: [artifact, ...more] }],
  ]);
}

const disagreements = reports =>
  compare(expected, reports).filter(row => !row.agrees);

describe('comparing a world with what is expected of it', () => {
  it('agrees', () => {
    assert.deepEqual(disagreements(reported()), []);
  });

  it('names a row with another status, finding or signer', () => {
    for (const changes of [
      { status: 'expected-signer' },
      { findings: [] },
      { findings: [{ code: 'signer-distrusted' }] },
      { signer: undefined },
      { signer: { identity: 'joe@acme.example' } },
    ]) {
      const rows = disagreements(reported(changes));
      assert.equal(rows[0]?.reference, image.reference);
      assert.match(formatDisagreements(rows), /checkout:1\.4\.2: expected/);
    }
  });

  it('names what is absent', () => {
    assert.equal(disagreements(new Map()).length, 2);
  });

  it('names an artifact that nobody expects', () => {
    const other = {
      ...image,
      entityRef: image.entity,
      reference: 'registry.acme.example/acme/other:1',
      status: 'expected-signer',
      findings: [],
    };
    const rows = disagreements(reported({}, [other]));
    assert.deepEqual(
      rows.map(row => row.reference),
      [other.reference],
    );
  });

  it('prints a table', () => {
    const table = formatTable(compare(expected, reported()));
    assert.match(table, /^ +entity +artifact +status +finding +signer$/m);
    assert.match(table, /✓ .*signer-not-allowed +jane@acme\.example$/m);
  });
});
