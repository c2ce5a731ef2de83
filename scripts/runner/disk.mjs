import { statfsSync } from 'node:fs';
import { root } from './paths.mjs';
import { Problem } from './problem.mjs';

const GB = 1024 ** 3;

/** Throws a Problem when fewer than `needed` GB are free where we install. */
export function requireFreeSpace(needed, what, statfs = statfsSync) {
  const { bavail, bsize } = statfs(root);
  const free = (bavail * bsize) / GB;
  if (free >= needed) return;
  throw new Problem(
    `${what} needs ${needed} GB of free disk space, ${free.toFixed(
      1,
    )} GB are free. Free some space and run the same command again.`,
  );
}
