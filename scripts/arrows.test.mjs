import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { ESLint } = createRequire(path.join(root, 'package.json'))('eslint');

const packages = {
  common: 'plugins/sigstore-common',
  node: 'plugins/sigstore-node',
  engine: 'packages/engine',
  ct: 'packages/ct',
  backend: 'plugins/sigstore-backend',
  module: 'plugins/catalog-backend-module-sigstore',
  kubernetes: 'plugins/sigstore-backend-module-kubernetes',
  frontend: 'plugins/sigstore',
};

const allowed = new Set([
  'node>common',
  'engine>common',
  'ct>common',
  'ct>engine',
  'backend>common',
  'backend>node',
  'backend>engine',
  'module>common',
  'module>node',
  'kubernetes>common',
  'kubernetes>node',
  'frontend>common',
]);

async function restrictedPaths(dir, file, code) {
  const cwd = path.join(root, dir);
  const [result] = await new ESLint({ cwd }).lintText(code, {
    filePath: path.join(cwd, file),
  });
  return result.messages.filter(m => m.ruleId === 'import/no-restricted-paths');
}

describe('the arrows between packages', () => {
  for (const from of Object.keys(packages)) {
    for (const to of Object.keys(packages).filter(p => p !== from)) {
      const verb = allowed.has(`${from}>${to}`) ? 'may' : 'must not';
      it(`${from} ${verb} import ${to}`, async () => {
        const { name } = JSON.parse(
          readFileSync(path.join(root, packages[to], 'package.json'), 'utf8'),
        );
        const found = await restrictedPaths(
          packages[from],
          'src/index.ts',
          `export * from '${name}';\n`,
        );
        assert.equal(found.length, allowed.has(`${from}>${to}`) ? 0 : 1);
      });
    }
  }

  const chip = "export { default } from '@mui/material/Chip';\n";
  it('only ui imports Material UI', async () => {
    const frontend = packages.frontend;
    for (const file of ['src/plugin.tsx', 'src/card/Card.tsx'])
      assert.equal((await restrictedPaths(frontend, file, chip)).length, 1);
    assert.equal(
      (await restrictedPaths(frontend, 'src/ui/Chip.tsx', chip)).length,
      0,
    );
  });

  it('the engine imports nothing of a Backstage backend', async () => {
    const found = await restrictedPaths(
      packages.engine,
      'src/index.ts',
      "export * from '@backstage/backend-plugin-api';\n",
    );
    assert.equal(found.length, 1);
  });
});
