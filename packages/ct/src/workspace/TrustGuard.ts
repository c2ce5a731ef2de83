import {
  Stats,
  lstatSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import {
  dirname,
  isAbsolute,
  join,
  parse,
  relative,
  resolve,
  sep,
} from 'node:path';
import { Surroundings } from '../Surroundings';
import { UsageError } from '../UsageError';
import { runsInCi, workspaceFolders } from './workspace';

const MAX_LINKS = 40;

/**
 * Keeps what decides a verdict out of the hands of what is judged: in CI,
 * policies, trusted roots and keys must not come from the checked-out sources,
 * which whoever proposes a change can write.
 */
export class TrustGuard {
  readonly #folders: string[];

  /**
   * @param trustWorkspace - the caller said that the sources may decide
   */
  static create(
    surroundings: Pick<Surroundings, 'env' | 'workingDirectory'>,
    trustWorkspace: boolean,
  ): TrustGuard {
    const applies = runsInCi(surroundings) && !trustWorkspace;
    return new TrustGuard(applies ? workspaceFolders(surroundings) : []);
  }

  private constructor(folders: string[]) {
    this.#folders = folders.flatMap(folder => [folder, realOf(folder)]);
  }

  /**
   * Refuses a file that lies in the sources, or is reached by way of them: a
   * link from there decides which file outside is read. What may come from
   * there without its path telling is refused as well.
   *
   * @param flag - that named the file
   * @param path - absolute
   * @throws UsageError with the remedy
   */
  allow(flag: string, path: string): void {
    if (this.#folders.length === 0) return;
    const inside = waysTo(path).find(place =>
      this.#folders.some(folder => isWithin(place, folder)),
    );
    if (inside === undefined) {
      refuseUntold(flag, path);
      return;
    }
    const place = inside === path ? '' : ` (by way of ${inside})`;
    throw new UsageError(
      `${flag} ${path} lies in the checked-out sources${place}, which the change that is being checked can edit. Keep it outside of them, for example in a protected repository of its own or in the image of the build, or pass --trust-workspace if everybody who can change these sources may decide who signs.`,
    );
  }
}

/**
 * A hard link is another name of a file that may lie in the sources as well; a
 * pipe or a device hands on what was put into it, wherever that is from.
 */
function refuseUntold(flag: string, path: string): void {
  const file = statOf(path);
  if (file === undefined || file.isDirectory()) return;
  const remedy =
    'Name a file of its own outside of the checked-out sources, or pass --trust-workspace if everybody who can change these sources may decide who signs.';
  if (!file.isFile()) {
    throw new UsageError(
      `${flag} ${path} is not a regular file, so where its content comes from cannot be told. ${remedy}`,
    );
  }
  if (file.nlink !== 1) {
    throw new UsageError(
      `${flag} ${path} has ${file.nlink} names (hard links), and another may lie in the checked-out sources. ${remedy}`,
    );
  }
}

/** Every path that is touched on the way to a file, links included. */
function waysTo(path: string): string[] {
  const places = [path, realOf(path)];
  let links = 0;
  const walk = (whole: string) => {
    const { root } = parse(whole);
    let at = root;
    const parts = whole.slice(root.length).split(sep).filter(Boolean);
    parts.forEach((part, index) => {
      at = join(at, part);
      const target = linkAt(at);
      if (target === undefined || links > MAX_LINKS) return;
      links += 1;
      const rest = parts.slice(index + 1);
      const next = resolve(dirname(at), target, ...rest);
      places.push(next);
      walk(next);
    });
  };
  walk(path);
  return places;
}

/** Nothing of what cannot be read either, which is then said there. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function linkAt(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way.split(sep)[0] !== '..' && !isAbsolute(way);
}
