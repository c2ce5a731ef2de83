import {
  LookupOutcome,
  ParsedReference,
} from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * What evidence is asked for.
 *
 * @public
 */
export type EvidenceQuestion = {
  reference: ParsedReference;
  /** `sha256:…` of the artifact that the reference leads to. */
  digest: string;
  /** Aborted when the time for this artifact is over; nobody waits after that. */
  signal: AbortSignal;
};

/**
 * What a source of evidence answers. Without documents and without a failure it
 * says that there is no evidence, which counts: a source that could not look
 * gives a failure, also when it has documents all the same.
 *
 * @public
 */
export type EvidenceAnswer = {
  /** Sigstore bundles, unverified. */
  documents: { mediaType: string; bytes: Uint8Array }[];
  failure?: {
    outcome: Exclude<LookupOutcome, 'found' | 'none'>;
    /** In words, without secrets: people read it. */
    cause: string;
  };
};

/**
 * A place where evidence lies that this project does not ask by itself.
 *
 * Everything it gives is verified like any other evidence, under the same
 * limits: 8 MB a document, 32 MB and 32 documents an artifact, a minute's time.
 *
 * @public
 */
export interface ModuleEvidenceSource {
  /** Unique, in kebab-case. */
  readonly id: string;
  /**
   * How its lookups are called, such as `Acme signature store`; unique. Trust
   * policies that name places of evidence do not count what lies there.
   */
  readonly title: string;
  /** Whether it has anything to ask for such a reference. Pure. */
  covers(reference: ParsedReference): boolean;
  /** Looks for evidence. When it throws, that is a lookup without an answer. */
  find(question: EvidenceQuestion): Promise<EvidenceAnswer>;
}
