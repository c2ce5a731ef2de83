import { OutboundClient, OutboundError } from '../../outbound';
import { CAPS } from '../caps';
import { Attestations, AttestationsByDigest } from './Attestations';
import { GithubInstance } from './GithubInstance';
import {
  AttestationRecord,
  Continuation,
  RepositoryFacts,
  continuationOf,
  readBulk,
  readList,
  readOwnerKind,
  readRepository,
} from './githubAnswers';

const ACCEPT = 'application/vnd.github+json';
/** What enterprises understand too; answers of the next version are read as well. */
const HEADERS = { 'x-github-api-version': '2022-11-28' };
const PER_PAGE = 30;
const MAX_PAGE_BYTES = 16 * 1024 * 1024;
const MAX_DOCUMENT_BYTES = 1024 * 1024;
const MAX_CURSOR = 1024;
const NO_GITHUB = 'answered with something that is not of GitHub’s API';

/** In whose name, and until when, something is asked. */
export type GithubRequest = {
  outbound: OutboundClient;
  authorization?: string;
  signal?: AbortSignal;
};

/**
 * Asks a GitHub for attestations and for what decides who may see them
 * (https://docs.github.com/en/rest/repos/attestations,
 * https://docs.github.com/en/rest/orgs/attestations). That there is none is an
 * answer with 404, or with 422 in newer versions.
 *
 * All methods throw `OutboundError`.
 */
export class GithubApi {
  readonly #base: string;
  readonly #host: string;

  constructor({ apiUrl }: Pick<GithubInstance, 'apiUrl'>) {
    this.#base = apiUrl.replace(/\/+$/, '');
    this.#host = new URL(apiUrl).host;
  }

  /**
   * Lists the attestations about a digest.
   *
   * @param owner - `repos/acme/app`, `orgs/acme` or `users/jane`
   */
  async list(
    owner: string,
    digest: string,
    request: GithubRequest,
  ): Promise<Attestations> {
    const records: AttestationRecord[] = [];
    let after: string | undefined;
    let bytes = 0;
    for (let page = 0; page < CAPS.pages; page++) {
      const asking = this.#get(
        `${owner}/attestations/${digest}?${paging(after)}`,
        MAX_PAGE_BYTES,
        request,
      );
      const answer = await (page === 0
        ? this.#found(asking)
        : this.#goingOn(asking));
      if (!answer) return { records, complete: true };
      bytes += answer.bytes;
      records.push(...this.#read(answer.json, readList));
      const next = continuationOf(answer.headers.link);
      if (!next) return { records, complete: true };
      after = this.#cursor(next);
      if (!after || bytes > CAPS.sourceBytes) break;
      if (records.length >= CAPS.examined) break;
    }
    return { records, complete: false };
  }

  /**
   * Lists the attestations about several digests at once. Of what has more than
   * is looked at, and of what the answer passes over, nothing is known.
   *
   * @param owner - `orgs/acme` or `users/jane`
   */
  async bulkList(
    owner: string,
    digests: readonly string[],
    request: GithubRequest,
  ): Promise<Map<string, Attestations>> {
    const all = new AttestationsByDigest(digests);
    let after: string | undefined;
    let bytes = 0;
    for (let page = 0; page < CAPS.pages; page++) {
      const { body } = await request.outbound.post(
        `${this.#base}/${owner}/attestations/bulk-list?${paging(after)}`,
        {
          ...this.#options(request, MAX_PAGE_BYTES),
          body: JSON.stringify({ subject_digests: digests }),
          contentType: 'application/json',
          idempotent: true,
        },
      );
      const { records, next } = this.#read(body, answer =>
        readBulk(JSON.parse(answer.toString('utf8'))),
      );
      all.add(records);
      if (!next) return all.result(true);
      after = this.#cursor(next);
      bytes += body.length;
      if (!after || bytes > CAPS.sourceBytes) break;
    }
    return all.result(false);
  }

  /**
   * Tells what decides who may see what a repository has.
   *
   * @param path - `repos/acme/app` or `repositories/123`
   * @returns nothing where there is none, or none that this request may see
   */
  async repository(
    path: string,
    request: GithubRequest,
  ): Promise<RepositoryFacts | undefined> {
    const answer = await this.#found(
      this.#get(path, MAX_DOCUMENT_BYTES, request),
    );
    return answer && this.#read(answer.json, readRepository);
  }

  /** Tells `orgs` from `users`; nothing where there is no such owner. */
  async ownerKind(
    owner: string,
    request: GithubRequest,
  ): Promise<'orgs' | 'users' | undefined> {
    const path = `users/${encodeURIComponent(owner)}`;
    const answer = await this.#found(
      this.#get(path, MAX_DOCUMENT_BYTES, request),
    );
    return answer && this.#read(answer.json, readOwnerKind);
  }

  /** What is told when an answer would come too late. */
  noAnswerInTime(): OutboundError {
    const words = 'did not answer in the time it has';
    return new OutboundError('unreachable', this.#host, words);
  }

  async #get(path: string, maxBytes: number, request: GithubRequest) {
    const { headers, body } = await request.outbound.get(
      `${this.#base}/${path}`,
      this.#options(request, maxBytes),
    );
    const json = this.#read(body, bytes => JSON.parse(bytes.toString('utf8')));
    return { headers, json, bytes: body.length };
  }

  #options({ authorization, signal }: GithubRequest, maxBytes: number) {
    return {
      maxBytes,
      accept: ACCEPT,
      headers: HEADERS,
      signal,
      ...(authorization ? { authorization } : {}),
    };
  }

  async #found<T>(asking: Promise<T>): Promise<T | undefined> {
    try {
      return await asking;
    } catch (error) {
      const { failure, status } = error as Partial<OutboundError>;
      if (failure === 'not-found' || status === 422) return undefined;
      throw error;
    }
  }

  /** Where a list said that it goes on, that there is none is no answer. */
  async #goingOn<T>(asking: Promise<T>): Promise<T> {
    const answer = await this.#found(asking);
    if (answer !== undefined) return answer;
    const words = 'lists attestations on a page that is missing';
    throw new OutboundError('unreachable', this.#host, words);
  }

  #cursor({ cursor }: NonNullable<Continuation>): string | undefined {
    if (cursor && cursor.length > MAX_CURSOR) {
      throw new OutboundError('unreachable', this.#host, NO_GITHUB);
    }
    return cursor;
  }

  #read<T, R>(value: T, read: (value: T) => R): R {
    try {
      return read(value);
    } catch (cause) {
      throw new OutboundError('unreachable', this.#host, NO_GITHUB, { cause });
    }
  }
}

function paging(after: string | undefined): string {
  const cursor = after ? `&after=${encodeURIComponent(after)}` : '';
  return `per_page=${PER_PAGE}${cursor}`;
}
