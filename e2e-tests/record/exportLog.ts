import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const tileWidth = 256;

/**
 * Copies a tiled log (C2SP tlog-tiles): the checkpoint and the tiles it commits
 * to. Partial tiles of earlier checkpoints are left behind.
 */
export async function exportLog(
  storage: string,
  folder: string,
): Promise<void> {
  const checkpoint = await readFile(path.join(storage, 'checkpoint'), 'utf8');
  const size = Number(checkpoint.split('\n')[1]);
  const files = ['checkpoint', ...tilePaths('entries', size)];
  let level = 0;
  for (let count = size; count > 0; count = Math.floor(count / tileWidth)) {
    files.push(...tilePaths(String(level), count));
    level += 1;
  }
  for (const file of files) {
    const target = path.join(folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    await cp(path.join(storage, file), target);
  }
}

/** Paths of the tiles of one level that hold `count` hashes or entries. */
function tilePaths(level: string, count: number): string[] {
  const full = Math.floor(count / tileWidth);
  const partial = count % tileWidth;
  const paths = Array.from({ length: full }, (_, index) =>
    tilePath(level, index),
  );
  return partial === 0
    ? paths
    : [...paths, `${tilePath(level, full)}.p/${partial}`];
}

function tilePath(level: string, index: number): string {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (
    let rest = Math.floor(index / 1000);
    rest > 0;
    rest = Math.floor(rest / 1000)
  ) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return path.join('tile', level, ...groups);
}
