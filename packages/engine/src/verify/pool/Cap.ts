import { clock } from './clock';

/** Stops a piece of work once it has been worked on for too long. */
export class Cap {
  readonly #begun: BigInt64Array;
  readonly #milliseconds: number;
  readonly #stop: AbortController;
  #timer: NodeJS.Timeout;

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

  end() {
    clearTimeout(this.#timer);
  }

  /** Waiting for a thread does not count. */
  #check() {
    const [begun] = this.#begun;
    const worked = begun ? Number(clock() - begun) / 1e6 : 0;
    if (worked >= this.#milliseconds) {
      this.#stop.abort();
      return;
    }
    const left = Math.ceil(this.#milliseconds - worked);
    this.#timer = setTimeout(() => this.#check(), left);
  }
}
