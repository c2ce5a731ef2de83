import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../..',
);

/** Everything the runner fetches, builds and writes is under here; not tracked. */
export const tools = path.join(root, '.tools');

/** Path of a log file, relative ones being shorter to read in messages. */
export function logFile(name) {
  const dir = path.join(tools, 'logs');
  mkdirSync(dir, { recursive: true });
  return path.join(dir, `${name}.log`);
}

/** A path as a person in the root of the repository would type it. */
export function shown(file) {
  const relative = path.relative(root, file);
  return relative.startsWith('..') ? file : relative;
}
