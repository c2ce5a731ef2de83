import { availableParallelism } from 'os';
import { extname } from 'path';
import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { Piscina } from 'piscina';
import { VerifyOptions } from '../artifact';
import { Evidence } from '../evidence';
import { VerificationProfile } from '../trustedRoot';
import { Cap } from './Cap';
import { WaitingPiece, WaitingPieces } from './WaitingPieces';
import { overCap } from './overCap';
import {
  PieceOutcome,
  VerificationBatch,
  VerificationPiece,
  WORKER_FILE,
  verifyPieces,
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
  readonly #size: number;
  readonly #waiting = new WaitingPieces();
  #working = 0;
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
    this.#size = threads;
    this.#threads = new Piscina({
      filename: workerFile,
      name: verifyPieces.name,
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
    return new Promise((resolve, reject) => {
      const work = { evidence, artifactDigest, profile, options };
      this.#waiting.add({ ...work, resolve, reject });
      this.#start();
    });
  }

  /** Ends the threads. Work that is not done is given up and throws. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#threads.destroy();
  }

  /**
   * Gives threads that have nothing to do their next pieces. None waits inside
   * piscina, which forgets those when a thread is ended; nor are there copies
   * of thousands in memory.
   */
  #start() {
    while (this.#working < this.#size && !this.#waiting.areNone) {
      this.#working += 1;
      const batch = this.#waiting.next(this.#size);
      this.#work(batch).finally(() => {
        this.#working -= 1;
        this.#start();
      });
    }
  }

  async #work(batch: WaitingPiece[]): Promise<void> {
    const bytes = BigInt64Array.BYTES_PER_ELEMENT * batch.length;
    const begun = new SharedArrayBuffer(bytes);
    const stop = new AbortController();
    const cap = new Cap(begun, this.#capMilliseconds, stop);
    try {
      if (this.#closed) throw new Error('The verification pool is closed');
      const pieces = batch.map(piece => this.#pieceOf(piece));
      const outcomes: PieceOutcome[] = await this.#threads.run(
        { pieces, begun } satisfies VerificationBatch,
        { signal: stop.signal },
      );
      for (const [index, { resolve, reject }] of batch.entries()) {
        const { verification, error } = outcomes[index];
        if (verification) resolve(verification);
        else reject(error);
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const isOverCap =
        stop.signal.aborted || code === 'ERR_WORKER_OUT_OF_MEMORY';
      const stopped = isOverCap ? batch[Math.max(cap.last, 0)] : undefined;
      if (!stopped) {
        for (const { reject } of batch) reject(error);
        return;
      }
      const { evidence, artifactDigest, profile } = stopped;
      stopped.resolve(overCap(evidence, artifactDigest, profile));
      // What was done of the others went with the thread.
      this.#waiting.putBack(batch.filter(piece => piece !== stopped));
    } finally {
      cap.end();
    }
  }

  #pieceOf({
    evidence,
    artifactDigest,
    options,
    profile,
  }: WaitingPiece): VerificationPiece {
    const { bytes } = options;
    return {
      evidence: { ...evidence, bytes: alone(evidence.bytes) },
      artifactDigest,
      options: { ...options, ...(bytes ? { bytes: alone(bytes) } : {}) },
      profile: { digest: profile.digest, source: this.#sourceOf(profile) },
    };
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
