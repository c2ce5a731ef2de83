import { availableParallelism } from 'os';
import { extname } from 'path';
import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import limit from 'p-limit';
import { Piscina } from 'piscina';
import { VerifyOptions } from '../artifact';
import { Evidence } from '../evidence';
import { VerificationProfile } from '../trustedRoot';
import { Cap } from './Cap';
import { overCap } from './overCap';
import {
  VerificationPiece,
  WORKER_FILE,
  verifyPiece,
} from './verificationWorker';

const DEFAULT_CAP_MILLISECONDS = 10_000;
const IDLE_MILLISECONDS = 60_000;
const MEGABYTES_A_THREAD = 512;

/**
 * Verifies on worker threads, so that the event loop stays free. Same results
 * as `verifyEvidence`. Threads start with the first piece of work and end when
 * there has been none for a minute.
 *
 * @public
 */
export class VerificationPool {
  readonly #threads: Piscina;
  readonly #slots: ReturnType<typeof limit>;
  readonly #capMilliseconds: number;
  readonly #sources = new WeakMap<VerificationProfile, SharedArrayBuffer>();
  #closed = false;

  /**
   * Makes a pool. It has to be closed at the end.
   *
   * @param options - `threads`: how many work at once, by default one fewer
   *   than there are cores; `capMilliseconds`: how long one piece of evidence
   *   may take, by default ten seconds
   */
  static create(
    options: {
      threads?: number;
      capMilliseconds?: number;
      /** @internal */
      workerFile?: string;
    } = {},
  ): VerificationPool {
    const {
      threads = Math.max(1, availableParallelism() - 1),
      capMilliseconds = DEFAULT_CAP_MILLISECONDS,
      workerFile = WORKER_FILE,
    } = options;
    return new VerificationPool(threads, capMilliseconds, workerFile);
  }

  private constructor(threads: number, cap: number, workerFile: string) {
    this.#capMilliseconds = cap;
    // None waits inside piscina, which forgets those when a thread is ended;
    // nor are there copies of thousands in memory.
    this.#slots = limit(threads);
    this.#threads = new Piscina({
      filename: workerFile,
      name: verifyPiece.name,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MILLISECONDS,
      resourceLimits: { maxOldGenerationSizeMb: MEGABYTES_A_THREAD },
      ...(extname(workerFile) === '.ts' ? { execArgv: readsTypeScript() } : {}),
    });
    // Threads that cannot even start: whoever waits for them is told.
    this.#threads.on('error', () => this.#threads.destroy());
  }

  /**
   * Verifies one piece of evidence for one artifact under one trusted root.
   * What takes longer than the cap, or ends its thread, is found to be over
   * the cap; others go on.
   *
   * @param artifactDigest - `sha256:…`, what the evidence should be about
   * @throws Error when the pool is closed, or its threads cannot work at all:
   *   that says nothing about the evidence
   */
  async verify(
    evidence: Evidence,
    artifactDigest: string,
    profile: VerificationProfile,
    options: VerifyOptions = {},
  ): Promise<Verification> {
    return this.#slots(() =>
      this.#verifyNow(evidence, artifactDigest, profile, options),
    );
  }

  /** Ends the threads. Work that is not done is given up and throws. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#threads.destroy();
  }

  async #verifyNow(
    evidence: Evidence,
    artifactDigest: string,
    profile: VerificationProfile,
    options: VerifyOptions,
  ): Promise<Verification> {
    if (this.#closed) throw new Error('The verification pool is closed');
    const { bytes } = options;
    const piece: VerificationPiece = {
      evidence: { ...evidence, bytes: alone(evidence.bytes) },
      artifactDigest,
      options: { ...options, ...(bytes ? { bytes: alone(bytes) } : {}) },
      profile: { digest: profile.digest, source: this.#sourceOf(profile) },
      begun: new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT),
    };
    const stop = new AbortController();
    const cap = new Cap(piece.begun, this.#capMilliseconds, stop);
    try {
      return await this.#threads.run(piece, { signal: stop.signal });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (stop.signal.aborted || code === 'ERR_WORKER_OUT_OF_MEMORY') {
        return overCap(evidence, artifactDigest, profile);
      }
      throw error;
    } finally {
      cap.end();
    }
  }

  #sourceOf(profile: VerificationProfile): SharedArrayBuffer {
    const known = this.#sources.get(profile);
    if (known) return known;
    const json = Buffer.from(JSON.stringify(profile.material.source), 'utf8');
    const source = new SharedArrayBuffer(json.length);
    json.copy(new Uint8Array(source));
    this.#sources.set(profile, source);
    return source;
  }
}

/** A view would be sent with all the memory behind it. */
function alone(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength
    ? bytes
    : Uint8Array.from(bytes);
}

/** Sources are run as they are in development and in tests, never published. */
function readsTypeScript(): string[] {
  return [
    '--require',
    require.resolve('@backstage/cli/config/nodeTransform.cjs'),
  ];
}
