import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import ts from 'typescript';

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
  const require = name =>
    name.startsWith('.')
      ? loadTypeScript(path.resolve(path.dirname(file), `${name}.ts`), loaded)
      : requireOther(name);
  vm.runInThisContext(`(exports, require) => {${outputText}\n}`, {
    filename: file,
  })(exports, require);
  return exports;
}
