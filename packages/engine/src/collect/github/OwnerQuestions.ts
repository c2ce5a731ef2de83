import { OutboundError } from '../../outbound';
import { Attestations } from './Attestations';
import { GithubApi, GithubRequest } from './GithubApi';

/** Most digests of one question. */
const BATCH = 100;
/** An endpoint that is not there, or does not like what it is asked. */
const NO_BULK = [404, 405, 410, 422];

type Waiting = {
  digest: string;
  /** Where to ask for this digest alone. */
  path: string;
  resolve: (found: Attestations) => void;
  reject: (error: unknown) => void;
};

/**
 * Asks for the attestations of one owner. What is asked for while an answer is
 * on its way is asked for together afterwards: nobody waits for company, and
 * many artifacts of an organization still take few questions.
 */
export class OwnerQuestions {
  readonly #api: GithubApi;
  readonly #owner: string;
  readonly #waiting: Waiting[] = [];
  #isAsking = false;
  #hasNoBulk = false;

  /** @param owner - `orgs/acme` or `users/jane` */
  constructor(api: GithubApi, owner: string) {
    this.#api = api;
    this.#owner = owner;
  }

  /**
   * Lists the attestations about a digest that the request may see, of all
   * repositories of the owner, or at least of those under `path`.
   *
   * @throws OutboundError
   */
  ask(
    digest: string,
    path: string,
    request: GithubRequest,
  ): Promise<Attestations> {
    return new Promise((resolve, reject) => {
      // Others may go on waiting for the same answer.
      const { signal } = request;
      const giveUp = () => reject(this.#api.noAnswerInTime());
      if (signal?.aborted) giveUp();
      signal?.addEventListener('abort', giveUp, { once: true });
      const done = () => signal?.removeEventListener('abort', giveUp);
      this.#waiting.push({
        digest,
        path,
        resolve: found => {
          done();
          resolve(found);
        },
        reject: error => {
          done();
          reject(error);
        },
      });
      if (!this.#isAsking) this.#askAll(request);
    });
  }

  async #askAll(request: GithubRequest): Promise<void> {
    // The time of one artifact must not end what others wait for.
    const { signal: _, ...forAll } = request;
    this.#isAsking = true;
    while (this.#waiting.length > 0) {
      await this.#askSome(this.#waiting.splice(0, BATCH), forAll);
    }
    this.#isAsking = false;
  }

  async #askSome(some: Waiting[], request: GithubRequest): Promise<void> {
    if (some.length === 1 || this.#hasNoBulk) {
      await this.#askEach(some, request);
      return;
    }
    try {
      const digests = [...new Set(some.map(({ digest }) => digest))];
      const found = await this.#api.bulkList(this.#owner, digests, request);
      // One with too many must not hide those of the others.
      const whole = some.filter(one => found.get(one.digest)?.complete);
      whole.forEach(one => one.resolve(found.get(one.digest)!));
      const rest = some.filter(one => !whole.includes(one));
      await this.#askEach(rest, request);
    } catch (error) {
      const { status, failure } = error as Partial<OutboundError>;
      if (NO_BULK.includes(status ?? 0)) this.#hasNoBulk = true;
      else if (failure !== 'over-cap') {
        some.forEach(({ reject }) => reject(error));
        return;
      }
      await this.#askEach(some, request);
    }
  }

  async #askEach(some: Waiting[], request: GithubRequest): Promise<void> {
    for (const { digest, path, resolve, reject } of some) {
      await this.#api.list(path, digest, request).then(resolve, reject);
    }
  }
}
