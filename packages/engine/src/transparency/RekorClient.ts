import { createPublicKey, createHash, X509Certificate } from 'node:crypto';
import { z } from 'zod/v4';
import { OutboundClient, OutboundError } from '../outbound';
import { RekorEntry, leafOf, readEntries } from './rekorEntry';

/** Most entries that a log gives at a time. */
const BATCH = 10;
/** Room for some ten thousand UUIDs: an answer has no pages. */
const MAX_SEARCH_BYTES = 1024 * 1024;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/** Longer than a subject may be, which only logs that know subjects say. */
const NO_SUBJECT = 'x'.repeat(513);

const uuidsSchema = z.array(
  z.string().regex(/^(?:[0-9a-f]{64}|[0-9a-f]{80})$/),
);

type Query = {
  hash?: string;
  email?: string;
  subject?: string;
  publicKey?: { format: 'x509'; content: string };
  operator?: 'or';
};

/**
 * A Rekor log of version 1 to be asked.
 *
 * @public
 */
export type RekorClientOptions = {
  /** Base URL, such as `https://rekor.sigstore.dev`; its host must be allowed. */
  url: string;
  outbound: Pick<OutboundClient, 'post'>;
};

/** @public */
export type RekorRequest = { signal?: AbortSignal };

/**
 * Reads from a Rekor log of version 1 (its openapi.yaml, `/api/v1/index` and
 * `/api/v1/log`).
 *
 * What a search gives are hints: the index is kept by best effort, anybody can
 * log anything, and a miss proves nothing. Entries are as the log gives them;
 * verification is for whoever uses them.
 *
 * @public
 */
export class RekorClient {
  readonly #base: string;
  readonly #host: string;
  readonly #outbound: Pick<OutboundClient, 'post'>;
  #knowsSubjects = false;

  constructor({ url, outbound }: RekorClientOptions) {
    this.#base = url.replace(/\/+$/, '');
    this.#host = new URL(url).host;
    this.#outbound = outbound;
  }

  /**
   * Finds entries by a digest: of what was signed, of the payload or of a
   * subject of a statement.
   *
   * @param digest - `sha256:…` or `sha512:…`
   * @returns UUIDs, in no order
   * @throws OutboundError, `unsupported` where the log offers no search
   */
  searchByDigest(digest: string, request?: RekorRequest): Promise<string[]> {
    return this.#search({ hash: digest }, request);
  }

  /**
   * Finds entries whose certificate names an e-mail address.
   *
   * @throws OutboundError, `unsupported` where the log offers no search
   */
  searchByEmail(email: string, request?: RekorRequest): Promise<string[]> {
    return this.#search({ email }, request);
  }

  /**
   * Finds entries whose certificate names an identity of any kind: a URI, a DNS
   * name, an OtherName. Logs before 1.5.4 pass over the question and would
   * answer that there is none, so they are asked first whether they know it.
   *
   * @throws OutboundError, `unsupported` where the log does not offer it
   */
  async searchBySubject(
    subject: string,
    request?: RekorRequest,
  ): Promise<string[]> {
    if (subject === '' || subject.length >= NO_SUBJECT.length) {
      throw this.#unsupported('does not search for a subject of such length');
    }
    if (!this.#knowsSubjects && !(await this.#refusesLongSubjects(request))) {
      throw this.#unsupported('does not search by subject');
    }
    this.#knowsSubjects = true;
    return this.#search({ subject }, request);
  }

  /**
   * Finds entries by the key they were made with, in both forms: entries of the
   * kinds dsse and intoto are listed under the hash of their key, not as keys.
   *
   * @param pem - a public key or a certificate
   * @throws OutboundError, `unsupported` where the log offers no search; `Error`
   * where it is neither a key nor a certificate
   */
  searchByKey(pem: string, request?: RekorRequest): Promise<string[]> {
    const canonical = pem.includes('BEGIN CERTIFICATE')
      ? new X509Certificate(pem).toString()
      : createPublicKey(pem).export({ type: 'spki', format: 'pem' });
    const digest = createHash('sha256').update(canonical).digest('hex');
    const content = Buffer.from(canonical).toString('base64');
    return this.#search(
      {
        publicKey: { format: 'x509', content },
        hash: `sha256:${digest}`,
        operator: 'or',
      },
      request,
    );
  }

  /**
   * Reads entries, ten at a time. A log passes over those it does not have, so
   * what is missing is told here. Never throws: a part that was not given leaves
   * the others as they are.
   *
   * @returns each part as soon as it is there
   */
  async *retrieve(
    uuids: readonly string[],
    request?: RekorRequest,
  ): AsyncGenerator<{
    entries: RekorEntry[];
    missing: string[];
    failure?: unknown;
  }> {
    const left: string[][] = [];
    for (let start = 0; start < uuids.length; start += BATCH) {
      left.push(uuids.slice(start, start + BATCH));
    }
    for (let batch = left.shift(); batch; batch = left.shift()) {
      try {
        yield await this.#retrieveBatch(batch, request);
      } catch (failure) {
        if (isOverCap(failure) && batch.length > 1) {
          // One that is too large must not take nine others with it.
          left.unshift(...batch.map(uuid => [uuid]));
        } else {
          yield { entries: [], missing: [], failure };
        }
      }
    }
  }

  async #retrieveBatch(entryUUIDs: string[], request?: RekorRequest) {
    const json = await this.#ask(
      '/api/v1/log/entries/retrieve',
      { entryUUIDs },
      MAX_BATCH_BYTES,
      request,
    );
    const asked = new Set(entryUUIDs.map(leafOf));
    const entries = this.#read(json, readEntries).filter(({ uuid }) =>
      asked.has(leafOf(uuid)),
    );
    const given = new Set(entries.map(({ uuid }) => leafOf(uuid)));
    const missing = entryUUIDs.filter(uuid => !given.has(leafOf(uuid)));
    return { entries, missing };
  }

  async #search(query: Query, request?: RekorRequest): Promise<string[]> {
    let json: unknown;
    try {
      json = await this.#ask(
        '/api/v1/index/retrieve',
        query,
        MAX_SEARCH_BYTES,
        request,
      );
    } catch (error) {
      // Switched off (501), or taken out: it is deprecated.
      if ([404, 405, 410, 501].includes(statusOf(error) ?? 0)) {
        throw this.#unsupported('offers no search');
      }
      throw error;
    }
    return [...new Set(this.#read(json, one => uuidsSchema.parse(one)))];
  }

  async #refusesLongSubjects(request?: RekorRequest): Promise<boolean> {
    try {
      await this.#search({ subject: NO_SUBJECT }, request);
      return false;
    } catch (error) {
      if ([400, 422].includes(statusOf(error) ?? 0)) return true;
      throw error;
    }
  }

  async #ask(
    path: string,
    question: unknown,
    maxBytes: number,
    request: RekorRequest = {},
  ): Promise<unknown> {
    const { body } = await this.#outbound.post(`${this.#base}${path}`, {
      body: JSON.stringify(question),
      contentType: 'application/json',
      accept: 'application/json',
      idempotent: true,
      maxBytes,
      signal: request.signal,
    });
    return this.#read(body, bytes => JSON.parse(bytes.toString('utf8')));
  }

  #read<T, R>(value: T, read: (value: T) => R): R {
    try {
      return read(value);
    } catch (cause) {
      const words = 'answered with something that is not of a Rekor log';
      throw new OutboundError('unreachable', this.#host, words, { cause });
    }
  }

  #unsupported(words: string): OutboundError {
    return new OutboundError('unsupported', this.#host, words);
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof OutboundError ? error.status : undefined;
}

function isOverCap(error: unknown): boolean {
  return error instanceof OutboundError && error.failure === 'over-cap';
}
