import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Updater } from 'tuf-js';
import { OutboundClient } from '../outbound';
import { OutboundFetcher } from './OutboundFetcher';

/** Most time for one refresh: a few small documents, or a hundred roots. */
const REFRESH_MS = 2 * 60_000;

/**
 * One target of a TUF repository, and what the repository is first trusted by.
 *
 * @public
 */
export type TufSource = {
  /** URL below which the metadata lies, and the targets below `targets/`. */
  mirror: string;
  /** Name of the target. */
  target: string;
  /** Text of the root metadata to begin with. */
  root: string;
};

/**
 * What is known of a TUF repository, for the caller to keep. The metadata is
 * what protects from being given an older state of the repository.
 *
 * @public
 */
export type TufState = {
  /** Text of verified metadata by file name. */
  metadata: Record<string, string>;
  /** Text of the target, once it was fetched. */
  target?: string;
};

/**
 * What became of a refresh. The metadata may be newer although it failed.
 *
 * @public
 */
export type TufRefresh = {
  state: TufState;
  /** Why the target is not known to be current, in words. */
  failure?: string;
};

/**
 * A client of a TUF repository that publishes a trusted root. Holds nothing
 * between refreshes: what must be kept is given and returned, so that it can
 * lie in a database that several processes share.
 *
 * @public
 */
export class TufRepository {
  readonly #source: TufSource;
  readonly #outbound: Pick<OutboundClient, 'get'>;

  constructor(source: TufSource, outbound: Pick<OutboundClient, 'get'>) {
    this.#source = source;
    this.#outbound = outbound;
  }

  /**
   * Follows the repository to its present state: roots one by one, then
   * timestamp, snapshot and targets, each verified and none older than before.
   * Never throws; after a failure the target is the one that was known.
   *
   * @param known - state of an earlier refresh
   */
  async refresh(
    known: TufState | undefined,
    signal?: AbortSignal,
  ): Promise<TufRefresh> {
    const timeout = AbortSignal.timeout(REFRESH_MS);
    const within = signal ? AbortSignal.any([signal, timeout]) : timeout;
    let folder: string | undefined;
    try {
      folder = await mkdtemp(join(tmpdir(), 'sigstore-tuf-'));
      return await this.#refreshIn(folder, known, within);
    } catch (error) {
      const state = known ?? { metadata: {} };
      return { state, failure: this.#explain(error) };
    } finally {
      if (folder) await rm(folder, { recursive: true, force: true });
    }
  }

  async #refreshIn(
    folder: string,
    known: TufState | undefined,
    signal: AbortSignal,
  ): Promise<TufRefresh> {
    const metadataDir = join(folder, 'metadata');
    const targetDir = join(folder, 'targets');
    await mkdir(metadataDir);
    await mkdir(targetDir);
    const metadata = { 'root.json': this.#source.root, ...known?.metadata };
    for (const [file, text] of Object.entries(metadata)) {
      await writeFile(join(metadataDir, basename(file)), text);
    }
    const target = join(targetDir, 'target');
    if (known?.target !== undefined) await writeFile(target, known.target);
    try {
      await this.#update({ metadataDir, targetDir, target, signal });
    } catch (error) {
      const verified = await readTexts(metadataDir);
      const state = { ...known, metadata: verified };
      return { state, failure: this.#explain(error) };
    }
    return {
      state: {
        metadata: await readTexts(metadataDir),
        target: await readFile(target, 'utf8'),
      },
    };
  }

  async #update(place: {
    metadataDir: string;
    targetDir: string;
    target: string;
    signal: AbortSignal;
  }): Promise<void> {
    const { metadataDir, targetDir, target, signal } = place;
    const mirror = this.#source.mirror.replace(/\/+$/, '');
    const updater = new Updater({
      metadataDir,
      metadataBaseUrl: mirror,
      targetDir,
      targetBaseUrl: `${mirror}/targets`,
      fetcher: new OutboundFetcher(this.#outbound, targetDir, signal),
    });
    await updater.refresh();
    const info = await updater.getTargetInfo(this.#source.target);
    if (!info) {
      throw new Error(`it lists no target "${this.#source.target}"`);
    }
    if (await updater.findCachedTarget(info, target)) return;
    await updater.downloadTarget(info, target);
  }

  #explain(error: unknown): string {
    const words = error instanceof Error ? error.message : String(error);
    return `The TUF repository ${
      this.#source.mirror
    } could not be followed: ${words}`;
  }
}

/** Every file of a folder as text, by name. */
async function readTexts(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  const texts = await Promise.all(
    names.map(name => readFile(join(folder, name), 'utf8')),
  );
  return Object.fromEntries(names.map((name, index) => [name, texts[index]]));
}
