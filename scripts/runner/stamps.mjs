import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { root, tools } from './paths.mjs';

const skipped = new Set(['node_modules', 'dist', 'dist-types', 'coverage']);

/** All files at or below the given paths, relative to the root, sorted. */
export function filesBelow(paths) {
  const found = [];
  const visit = relative => {
    const absolute = path.join(root, relative);
    for (const entry of readdirSync(absolute, { withFileTypes: true })) {
      if (skipped.has(entry.name)) continue;
      const child = path.join(relative, entry.name);
      if (entry.isDirectory()) visit(child);
      else if (entry.isFile()) found.push(child);
    }
  };
  for (const relative of paths) {
    const absolute = path.join(root, relative);
    if (!existsSync(absolute)) continue;
    try {
      visit(relative);
    } catch (error) {
      if (error.code !== 'ENOTDIR') throw error;
      found.push(relative);
    }
  }
  return found.sort();
}

/** One digest over names and contents of files, and over more words. */
export function digestOf(files, ...words) {
  const hash = createHash('sha256');
  for (const word of words) hash.update(`${word}\0`);
  for (const file of files) {
    const bytes = readFileSync(path.join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

const stampFile = name => path.join(tools, 'stamps', name);

/**
 * Does something only when what it depends on changed since it last went
 * well. An interrupted run leaves no stamp and is repeated. Returns whether
 * it was done.
 */
export async function whenChanged(name, digest, isThere, run) {
  const file = stampFile(name);
  const last = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (last === digest && isThere()) return false;
  rmSync(file, { force: true });
  await run();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, digest);
  return true;
}
