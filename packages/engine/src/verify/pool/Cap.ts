import { clock } from './clock';

/** Stops pieces of work once one of them has been worked on for too long. */
export class Cap {
  readonly #begun: BigInt64Array;
  readonly #milliseconds: number;
  readonly #stop: AbortController;
  #timer: NodeJS.Timeout;
  #overdue?: number;

  constructor(
    begun: SharedArrayBuffer,
    milliseconds: number,
    stop: AbortController,
  ) {
    this.#begun = new BigInt64Array(begun);
    this.#milliseconds = milliseconds;
    this.#stop = stop;
    this.#timer = setTimeout(() => this.#check(), milliseconds);
  }

  /**
   * Which piece was begun last: of work that was stopped, the one that took
   * too long. -1 where none was begun.
   */
  get last(): number {
    return this.#overdue ?? this.#begun.findLastIndex(time => time !== 0n);
  }

  end() {
    clearTimeout(this.#timer);
  }

  /** Waiting for a thread does not count, nor do the pieces before. */
  #check() {
    const { last } = this;
    const begun = this.#begun[last];
    const worked = begun ? Number(clock() - begun) / 1e6 : 0;
    if (worked >= this.#milliseconds) {
      this.#overdue = last;
      this.#stop.abort();
      return;
    }
    const left = Math.ceil(this.#milliseconds - worked);
    this.#timer = setTimeout(() => this.#check(), left);
  }
}
