import { GithubApi, GithubRequest } from './GithubApi';
import { RepositoryFacts } from './githubAnswers';

/** After this, a repository that is private now is not taken for public. */
const LIFETIME_MS = 10 * 60 * 1000;
const MOST = 10_000;

/**
 * What is known of the owners and repositories of a GitHub, asked for again
 * after a while. What could not be asked for is not remembered.
 */
export class GithubFacts {
  readonly #api: GithubApi;
  readonly #now: () => Date;
  readonly #known = new Map<
    string,
    { until: number; fact: Promise<unknown> }
  >();

  constructor(api: GithubApi, now: () => Date) {
    this.#api = api;
    this.#now = now;
  }

  /**
   * @param path - `repos/acme/app` or `repositories/123`
   * @returns nothing where there is none that the request may see
   * @throws OutboundError
   */
  repository(
    path: string,
    request: GithubRequest,
  ): Promise<RepositoryFacts | undefined> {
    return this.#remembered(path, request, forAll =>
      this.#api.repository(path, forAll),
    );
  }

  /**
   * Under which part of the API an owner's attestations lie.
   *
   * @returns nothing where there is no such owner
   * @throws OutboundError
   */
  ownerKind(
    owner: string,
    request: GithubRequest,
  ): Promise<'orgs' | 'users' | undefined> {
    return this.#remembered(`users/${owner}`, request, forAll =>
      this.#api.ownerKind(owner, forAll),
    );
  }

  #remembered<T>(
    what: string,
    request: GithubRequest,
    ask: (forAll: GithubRequest) => Promise<T>,
  ): Promise<T> {
    // The time of one artifact must not end what others wait for.
    const { signal, ...forAll } = request;
    // What somebody may see says nothing about what others may.
    const key = `${
      forAll.authorization ? 'with' : 'without'
    } credentials ${what}`;
    const now = this.#now().getTime();
    const known = this.#known.get(key);
    if (known && now < known.until) {
      return this.#within(signal, known.fact as Promise<T>);
    }
    if (this.#known.size >= MOST) this.#known.clear();
    const fact = ask(forAll);
    this.#known.set(key, { until: now + LIFETIME_MS, fact });
    fact.catch(() => this.#known.delete(key));
    return this.#within(signal, fact);
  }

  /** Waits no longer than whoever asks has time. */
  #within<T>(signal: AbortSignal | undefined, fact: Promise<T>): Promise<T> {
    if (!signal) return fact;
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(this.#api.noAnswerInTime());
      const done = () => signal.removeEventListener('abort', giveUp);
      if (signal.aborted) giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      fact.then(resolve, reject).finally(done);
    });
  }
}
