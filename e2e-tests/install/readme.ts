import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/runner/paths.mjs';

/** What the README tells somebody to do to their Backstage. */
export type Instructions = {
  /** Arguments of each `yarn` command, in order. */
  yarn: string[][];
  /** Lines to add to the backend's `src/index.ts`. */
  backend: string[];
};

const heading = /^## Install into your Backstage$/m;

/**
 * Reads the installation section of the README, so that what is tested is what
 * people are told. Throws when there is nothing to follow.
 */
export function readInstructions(): Instructions {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const [, after] = readme.split(heading);
  if (!after) throw new Error('README.md has no installation section');
  const section = after.split(/^## /m)[0];
  const blocks = (language: string) =>
    [
      ...section.matchAll(
        new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'),
      ),
    ]
      .map(([, code]) => code)
      .join('\n');

  const yarn = blocks('sh')
    .split('\n')
    .filter(line => line.startsWith('yarn '))
    .map(line => line.split(/\s+/).slice(1));
  const backend = blocks('ts').match(/^backend\.add\([^]*?\);$/gm) ?? [];
  if (yarn.length === 0 || backend.length === 0)
    throw new Error('the installation section of README.md has no commands');
  return { yarn, backend: [...backend] };
}
