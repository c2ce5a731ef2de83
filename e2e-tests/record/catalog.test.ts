import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { names } from '../stack/names.ts';
import { worldDir } from '../stack/paths.ts';
import { registryArtifacts, storedPlans } from './organization.ts';

describe('the catalog', () => {
  const documents = readdirSync(path.join(worldDir, 'catalog')).flatMap(file =>
    parseAllDocuments(
      readFileSync(path.join(worldDir, 'catalog', file), 'utf8'),
    ).map(document => document.toJS()),
  );
  const declared = documents.flatMap(({ kind, metadata }) =>
    Object.entries((metadata.annotations ?? {}) as Record<string, string>)
      .filter(
        ([name]) =>
          name.startsWith('sigstore.dev/') && !name.endsWith('-status'),
      )
      .flatMap(([, list]) => list.split(/[\s,]+/).filter(Boolean))
      .map(
        reference =>
          `${kind.toLowerCase()}:default/${metadata.name} ${reference}`,
      ),
  );
  const expected = parse(
    readFileSync(path.join(worldDir, 'expected.yaml'), 'utf8'),
  );

  it('declares what expected.yaml has rows for, and nothing else', () => {
    const rows = expected.artifacts.map(
      (row: { entity: string; reference: string }) =>
        `${row.entity} ${row.reference}`,
    );
    assert.deepEqual(declared.sort(), rows.sort());
  });

  it('declares only what was recorded, but for the registry that does not answer', () => {
    const recorded = new Set([
      ...registryArtifacts.map(
        one => `${names.registry}/${one.repository}:${one.tag}`,
      ),
      ...storedPlans.map(one => `https://plans.acme.example/${one.path}`),
    ]);
    const missing = declared
      .map(one => one.split(' ')[1])
      .filter(one => !recorded.has(one));
    assert.deepEqual(missing, [
      'policies.acme.example/acme/policies/egress-baseline:1.2.0',
    ]);
  });

  it('expects a status of every component and resource', () => {
    const entities = documents
      .filter(({ kind }) => kind === 'Component' || kind === 'Resource')
      .map(
        ({ kind, metadata }) =>
          `${kind.toLowerCase()}:default/${metadata.name}`,
      );
    const rows = expected.entities.map((row: { entity: string }) => row.entity);
    assert.deepEqual(entities.sort(), rows.sort());
  });
});
