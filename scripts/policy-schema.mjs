#!/usr/bin/env node
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import prettier from 'prettier';
import { loadTypeScript } from './docs/loadTypeScript.mjs';
import { root } from './runner/paths.mjs';

const common = path.join(root, 'plugins/sigstore-common');
const { trustDocumentJsonSchema } = loadTypeScript(
  path.join(common, 'src/trustDocumentJsonSchema.ts'),
);
const style = createRequire(import.meta.url)('@backstage/cli/config/prettier');
const text = prettier.format(JSON.stringify(trustDocumentJsonSchema()), {
  ...style,
  parser: 'json',
});
mkdirSync(path.join(common, 'schema'), { recursive: true });
writeFileSync(path.join(common, 'schema/trust-policy.schema.json'), text);
