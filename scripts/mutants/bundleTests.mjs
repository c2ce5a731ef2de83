import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/**
 * Puts test files and what they test into one CommonJS file. Packages stay
 * outside, but for those of this repository.
 *
 * @param tests - test files, relative to the working directory
 * @param original - the folder that the working directory is a copy of: tests
 *   find data by paths relative to where they really lie
 * @param into - the file to write
 */
export async function bundleTests({ tests, original, into }) {
  const copy = process.cwd();
  await build({
    stdin: {
      contents: tests
        .map(
          file =>
            `testFile(${JSON.stringify(file)}, () => { require(${JSON.stringify(
              path.join(copy, file),
            )}); });`,
        )
        .join('\n'),
      resolveDir: copy,
    },
    outfile: into,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    logLevel: 'error',
    plugins: [
      {
        name: 'packages-outside',
        setup({ onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
            kind === 'entry-point' || name.startsWith('@cloudythings/')
              ? undefined
              : { path: name, external: true },
          );
        },
      },
      {
        name: 'places-of-the-original',
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
            const place = file.startsWith(copy)
              ? path.join(original, path.relative(copy, file))
              : file;
            const names = `const __dirname = ${JSON.stringify(
              path.dirname(place),
            )}; const __filename = ${JSON.stringify(place)};\n`;
            return {
              contents: names + readFileSync(file, 'utf8'),
              loader: 'ts',
            };
          });
        },
      },
    ],
  });
}
