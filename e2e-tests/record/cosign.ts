import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { toolPath } from '../stack/tools.ts';

const execute = promisify(execFile);

/** The real cosign, kept away from the user's own configuration. */
export class Cosign {
  readonly #home: string;
  readonly #env: Record<string, string>;

  private constructor(home: string, env: Record<string, string>) {
    this.#home = home;
    this.#env = env;
  }

  /** @param env - how the stack is reached, if one is */
  static async create(env: Record<string, string> = {}): Promise<Cosign> {
    return new Cosign(await mkdtemp(path.join(os.tmpdir(), 'cosign-')), env);
  }

  /** Removes its home. */
  dispose(): Promise<void> {
    return rm(this.#home, { recursive: true, force: true });
  }

  /** Writes a file next to cosign's own and returns its path. */
  async file(name: string, content: string | Buffer): Promise<string> {
    const file = path.join(this.#home, name);
    await writeFile(file, content, { mode: 0o600 });
    return file;
  }

  /**
   * Runs cosign.
   *
   * @param env - for this once, besides its own
   * @returns its standard output
   * @throws with its messages when it fails
   */
  async run(args: string[], env: Record<string, string> = {}): Promise<string> {
    try {
      const { stdout } = await execute(toolPath('cosign'), args, {
        env: { PATH: process.env.PATH, HOME: this.#home, ...this.#env, ...env },
        maxBuffer: 16 * 1024 * 1024,
      });
      return stdout;
    } catch (error) {
      const { stderr } = error as { stderr?: string };
      throw new Error(
        `cosign ${args.slice(0, 2).join(' ')}: ${stderr ?? error}`,
      );
    }
  }
}
