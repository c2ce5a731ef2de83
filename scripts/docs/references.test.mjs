import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { root } from '../runner/paths.mjs';
import { loadTypeScript } from './loadTypeScript.mjs';

const load = file => loadTypeScript(path.join(root, file));
const read = file => readFileSync(path.join(root, file), 'utf8');
const yaml = createRequire(path.join(root, 'e2e-tests/package.json'))('yaml');
const common = 'plugins/sigstore-common/src';

/** Keys below `sigstore` in a `config.d.ts`, such as `hosts[].host`. */
function configKeys(file) {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022);
  const keys = [];
  const visit = (node, prefix) => {
    if (ts.isTypeReferenceNode(node) && node.typeName.text === 'Array') {
      visit(node.typeArguments[0], `${prefix}[]`);
    } else if (ts.isArrayTypeNode(node)) {
      visit(node.elementType, `${prefix}[]`);
    } else if (ts.isTypeLiteralNode(node) || ts.isInterfaceDeclaration(node)) {
      for (const member of node.members) {
        const key = prefix ? `${prefix}.${member.name.text}` : member.name.text;
        visit(member.type, key);
      }
    } else {
      keys.push(prefix.replace(/^sigstore\./, ''));
    }
  };
  source.statements
    .filter(ts.isInterfaceDeclaration)
    .forEach(s => visit(s, ''));
  return keys;
}

/** The YAML blocks of a page, parsed. */
function examples(page) {
  return [...read(page).matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, text]) =>
    yaml.parse(text),
  );
}

describe('reference pages', () => {
  for (const file of [
    'plugins/sigstore-backend/config.d.ts',
    'plugins/catalog-backend-module-sigstore/config.d.ts',
    'plugins/sigstore-backend-module-kubernetes/config.d.ts',
  ]) {
    for (const key of configKeys(file)) {
      it(`configuration.md explains ${key}`, () => {
        assert.ok(read('docs/configuration.md').includes(`\`${key}\``));
      });
    }
  }

  it('configuration.md names every host that may be contacted', () => {
    const { WELL_KNOWN_HOSTS } = load(
      'packages/engine/src/outbound/wellKnownHosts.ts',
    );
    const page = read('docs/configuration.md');
    const names = WELL_KNOWN_HOSTS.map(({ host }) =>
      typeof host === 'string' ? host : '*-docker.pkg.dev',
    );
    assert.deepEqual(
      names.filter(name => !page.includes(`\`${name}\``)),
      [],
    );
  });

  it('annotations.md gives examples that can be read', () => {
    const { readDeclaredReferences, INPUT_ANNOTATIONS } = load(
      `${common}/annotations.ts`,
    );
    const [entity] = examples('docs/annotations.md');
    const declared = readDeclaredReferences(entity);
    assert.equal(declared.length, 5);
    assert.deepEqual(
      declared.filter(({ problem }) => problem),
      [],
    );
    for (const name of Object.values(INPUT_ANNOTATIONS)) {
      assert.ok(read('docs/annotations.md').includes(`\`${name}\``), name);
    }
  });

  it('trust-policy.md names every field that there is', () => {
    const schema = JSON.parse(
      read('plugins/sigstore-common/schema/trust-policy.schema.json'),
    );
    const names = ({ oneOf = [], items, properties = {} }) => [
      ...oneOf.flatMap(names),
      ...(items ? names(items) : []),
      ...Object.entries(properties).flatMap(([name, inner]) => [
        name,
        ...names(inner),
      ]),
    ];
    const page = read('docs/trust-policy.md');
    const told = page.match(/`[^`\n]+`/g).join(' ');
    for (const name of names(schema)) {
      assert.match(told, new RegExp(`\\b${name}\\b`), name);
    }
  });

  it('api.md lists every endpoint and no other', () => {
    const { endpoints } = load(`${common}/endpoints.ts`);
    const listed = [...read('docs/api.md').matchAll(/^\| `([A-Z]+ [^`]+)`/gm)];
    assert.deepEqual(
      listed.map(([, line]) => line).sort(),
      Object.values(endpoints)
        .map(({ method, path: route }) => `${method} ${route}`)
        .sort(),
    );
  });

  it('permissions.md lists every permission', () => {
    const { sigstorePermissions } = load(`${common}/permissions.ts`);
    for (const { name, attributes } of sigstorePermissions) {
      const row = new RegExp(
        `^\\| \`${name}\` +\\| ${attributes.action} `,
        'm',
      );
      assert.match(read('docs/permissions.md'), row);
    }
  });

  it('limits are the ones in force', () => {
    const { MAX_REFERENCE_LENGTH } = load(`${common}/artifacts.ts`);
    const { MAX_ENTITIES_PER_REQUEST } = load(`${common}/endpoints.ts`);
    assert.ok(
      read('docs/annotations.md').includes(
        `at most ${MAX_REFERENCE_LENGTH} characters`,
      ),
    );
    assert.ok(
      read('docs/api.md').includes(
        `up to ${MAX_ENTITIES_PER_REQUEST} entities`,
      ),
    );
  });
});
