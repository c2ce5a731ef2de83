import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import ts from 'typescript';
import { root } from '../runner/paths.mjs';

/** Packages of this repository that are loaded as they are written, too. */
const packages = {
  '@cloudythings/backstage-plugin-sigstore-common':
    'plugins/sigstore-common/src/index.ts',
};

/**
 * Loads a TypeScript module of this repository as it is written, without a
 * build: relative imports are loaded the same way, others by Node.
 *
 * @param file - absolute path of a `.ts` file
 * @returns what the module exports; throws what the module throws
 */
export function loadTypeScript(file, loaded = new Map()) {
  if (loaded.has(file)) return loaded.get(file);
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
    },
  });
  const exports = {};
  loaded.set(file, exports);
  const requireOther = createRequire(file);
  const require = name => {
    if (packages[name]) {
      return loadTypeScript(path.join(root, packages[name]), loaded);
    }
    return name.startsWith('.')
      ? loadTypeScript(path.resolve(path.dirname(file), `${name}.ts`), loaded)
      : requireOther(name);
  };
  vm.runInThisContext(`(exports, require) => {${outputText}\n}`, {
    filename: file,
  })(exports, require);
  return exports;
}
