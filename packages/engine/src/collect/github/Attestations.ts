import { CAPS } from '../caps';
import { AttestationRecord } from './githubAnswers';

/** What of an answer was read, and whether there is more. */
export type Attestations = { records: AttestationRecord[]; complete: boolean };

/**
 * Gathers the attestations about several digests from the pages of one answer.
 * Of what has more than is looked at, and of what the answer passes over, it is
 * not known what there is.
 */
export class AttestationsByDigest {
  readonly #found: Map<string, AttestationRecord[]>;
  readonly #told = new Set<string>();

  constructor(digests: readonly string[]) {
    this.#found = new Map(digests.map(digest => [digest, []]));
  }

  /** Adds what a page says. */
  add(page: readonly [string, AttestationRecord[]][]): void {
    for (const [digest, records] of page) {
      const known = this.#found.get(digest);
      if (!known) continue;
      this.#told.add(digest);
      if (known.length <= CAPS.examined) known.push(...records);
    }
  }

  /** @param isWhole - whether all pages were read */
  result(isWhole: boolean): Map<string, Attestations> {
    return new Map(
      [...this.#found].map(([digest, records]) => {
        const isAll = records.length <= CAPS.examined;
        const complete = isWhole && isAll && this.#told.has(digest);
        return [digest, { records, complete }];
      }),
    );
  }
}
