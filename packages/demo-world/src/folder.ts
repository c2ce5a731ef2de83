import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';

/** What a path of a request may be made of. */
const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/** A folder whose files are read, and nothing outside of it. */
export class Folder {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Reads a file below the folder.
   *
   * @param segments - the path, one name each; a name that begins with a dot or
   *   holds anything but letters, digits, dots, dashes and underscores is no file
   * @returns undefined when there is no such file, or a link leads out of the folder
   */
  async read(...segments: string[]): Promise<Buffer | undefined> {
    if (segments.length === 0 || !segments.every(name => segment.test(name)))
      return undefined;
    try {
      const root = await realpath(this.#root);
      const file = await realpath(path.join(root, ...segments));
      if (!file.startsWith(root + path.sep)) return undefined;
      return await readFile(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR')
        return undefined;
      throw error;
    }
  }
}
