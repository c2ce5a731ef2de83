import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fetcher } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error';
import { OutboundClient, OutboundError } from '../outbound';

/** Most bytes of one document, whatever length its repository announces. */
const MAX_BYTES = 5_000_000;

/**
 * Reads a TUF repository by way of the outbound client: allowed hosts, public
 * addresses and capped bodies only.
 */
export class OutboundFetcher implements Fetcher {
  readonly #outbound: Pick<OutboundClient, 'get'>;
  readonly #folder: string;
  readonly #signal: AbortSignal;

  /** @param folder - a private one, for what is being read */
  constructor(
    outbound: Pick<OutboundClient, 'get'>,
    folder: string,
    signal: AbortSignal,
  ) {
    this.#outbound = outbound;
    this.#folder = folder;
    this.#signal = signal;
  }

  async downloadBytes(url: string, maxLength: number): Promise<Buffer> {
    const maxBytes = Math.min(maxLength, MAX_BYTES);
    try {
      const options = { maxBytes, signal: this.#signal };
      return (await this.#outbound.get(url, options)).body;
    } catch (error) {
      if (!(error instanceof OutboundError) || !error.status) throw error;
      // The client takes 403 and 404 for the end of the chain of roots.
      const name = new URL(url).pathname;
      throw new DownloadHTTPError(`${error.message} at ${name}`, error.status);
    }
  }

  async downloadFile<T>(
    url: string,
    maxLength: number,
    handler: (file: string) => Promise<T>,
  ): Promise<T> {
    const bytes = await this.downloadBytes(url, maxLength);
    const file = join(this.#folder, randomUUID());
    await writeFile(file, bytes);
    try {
      return await handler(file);
    } finally {
      await rm(file);
    }
  }
}
