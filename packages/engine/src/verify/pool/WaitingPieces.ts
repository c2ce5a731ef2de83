import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { VerifyOptions } from '../artifact';
import { Evidence } from '../evidence';
import { VerificationProfile } from '../trustedRoot';

/** A piece of work that waits for a thread, and who waits for it. */
export type WaitingPiece = {
  evidence: Evidence;
  artifactDigest: string;
  profile: VerificationProfile;
  options: VerifyOptions;
  resolve: (verification: Verification) => void;
  reject: (error: unknown) => void;
};

/** Of more in one message each costs hardly less. */
const MOST_PIECES = 8;
/** Copies of what is large should not be many at a time. */
const MOST_BYTES = 1_000_000;

/** Work that no thread has begun, the first to come first. */
export class WaitingPieces {
  readonly #pieces: WaitingPiece[] = [];

  get areNone(): boolean {
    return this.#pieces.length === 0;
  }

  add(piece: WaitingPiece) {
    this.#pieces.push(piece);
  }

  /** Puts work back that was given to a thread and has to be done again. */
  putBack(pieces: WaitingPiece[]) {
    this.#pieces.unshift(...pieces);
  }

  /**
   * Takes out what goes to a thread in one message: at least one piece, and few
   * where few wait, so that the threads end at about the same time.
   *
   * @param threads - how many there are to share the work
   */
  next(threads: number): WaitingPiece[] {
    const share = Math.ceil(this.#pieces.length / threads / 2);
    const most = Math.min(share, MOST_PIECES);
    let bytes = 0;
    const tooMany = this.#pieces
      .slice(0, most)
      .findIndex(piece => (bytes += sizeOf(piece)) > MOST_BYTES);
    return this.#pieces.splice(0, tooMany < 0 ? most : Math.max(tooMany, 1));
  }
}

function sizeOf({ evidence, options }: WaitingPiece): number {
  return evidence.bytes.length + (options.bytes?.length ?? 0);
}
