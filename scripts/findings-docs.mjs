#!/usr/bin/env node
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generatedPages } from './docs/generatedPages.mjs';
import { root } from './runner/paths.mjs';

const pages = generatedPages();
const folder = path.join(root, 'docs/findings');
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) {
  if (!pages.has(`docs/findings/${name}`)) rmSync(path.join(folder, name));
}
for (const [page, text] of pages) writeFileSync(path.join(root, page), text);
console.log(`${pages.size} pages written`);
