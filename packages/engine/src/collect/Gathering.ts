import { createHash } from 'node:crypto';
import {
  Finding,
  Lookup,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { OutboundError } from '../outbound';
import { describeFailure, Failure } from '../resolve/failures';
import { BundleRecognition } from './bundleMediaTypes';
import { CAPS } from './caps';
import { CollectedEvidence, CollectResult, CollectTarget } from './evidence';

// Which failure names the lookup when several happened: first what somebody
// can do something about, then what passes by itself.
const FAILURES_BY_WEIGHT = ['over-cap', 'refused', 'unreachable'];

/**
 * Gathers what one source gives for one artifact, within the caps, and turns
 * it into an answer.
 *
 * A question that was only answered in part is not answered: a failure outweighs
 * what was found, and what was found is given all the same.
 */
export class Gathering {
  readonly #source: string;
  readonly #target: CollectTarget;
  readonly #askedAt: string;
  readonly #evidence = new Map<string, CollectedEvidence>();
  readonly #failures: Failure[] = [];
  readonly #unsupported = new Set<string>();
  readonly #notices: Finding[] = [];
  readonly #kept: number;
  #bytesLeft: number;
  /** How many manifests or layers are looked at. */
  readonly examined: number;

  /**
   * @param share - of what a source may give, where several gather for one
   * artifact
   */
  constructor(source: string, target: CollectTarget, askedAt: Date, share = 1) {
    this.#source = source;
    this.#target = target;
    this.#askedAt = askedAt.toISOString();
    this.#kept = Math.ceil(CAPS.kept * share);
    this.#bytesLeft = CAPS.sourceBytes * share;
    this.examined = Math.ceil(CAPS.examined * share);
  }

  /**
   * Adds evidence; the same bytes count once. It was seen where the lookup
   * looked: by that name it is known to be gone once the lookup lacks it.
   */
  add(mediaType: string, bytes: Buffer): void {
    const hex = createHash('sha256').update(bytes).digest('hex');
    const digest = `sha256:${hex}`;
    const artifactDigest = this.#target.artifact.digest;
    this.#evidence.set(digest, {
      digest,
      mediaType,
      bytes,
      source: this.#source,
      artifactDigest,
    });
  }

  /** Adds bytes as a bundle, or notes the version that is not read. */
  addBundle(recognition: BundleRecognition, bytes: Buffer): void {
    if (recognition.supported) this.add(recognition.mediaType, bytes);
    else this.unsupported(recognition.mediaType);
  }

  /** Whether there is more than is read, as far as is known yet. */
  get isOverCap(): boolean {
    return this.#failures.some(({ outcome }) => outcome === 'over-cap');
  }

  /** Whether evidence of this digest was added. */
  has(digest: string): boolean {
    return this.#evidence.has(digest);
  }

  /** Notes a failure; that there is nothing is an answer and none of these. */
  fail(error: unknown): void {
    const failure = describeFailure(error);
    if (failure.outcome === 'unsupported') {
      this.unsupported(failure.cause);
    } else if (failure.outcome !== 'none') {
      this.#failures.push(failure);
    }
  }

  /**
   * Notes that a part of what the source listed could not be read. Here, that
   * there is nothing is a failure too: the list says there is something.
   */
  failOnPart(error: unknown): void {
    const failure = describeFailure(error);
    if (failure.outcome !== 'none') {
      this.fail(error);
      return;
    }
    const cause = `${this.#source}: lists something that is missing; ${
      failure.cause
    }`;
    this.#failures.push({
      outcome: 'unreachable',
      code: 'source-unreachable',
      cause,
    });
  }

  /** Notes something that looks like evidence and is not read. */
  unsupported(mediaType: string): void {
    if (this.#unsupported.size < CAPS.kept) this.#unsupported.add(mediaType);
  }

  /** Notes something worth telling that keeps no question from being answered. */
  notice(finding: Finding): void {
    if (this.#notices.length < CAPS.kept) this.#notices.push(finding);
  }

  /** Notes that there is more than is read. */
  overCap(words: string): void {
    const cause = `${this.#source}: ${words}`;
    this.#failures.push({
      outcome: 'over-cap',
      code: 'evidence-over-cap',
      cause,
    });
  }

  /**
   * Takes a document's size from what this source may still give. Throws
   * `OutboundError` (`over-cap`).
   */
  reserve(size: number): void {
    if (size > this.#bytesLeft) {
      const words = `hold more than ${CAPS.sourceBytes} bytes of evidence for this artifact`;
      throw new OutboundError('over-cap', this.#source, words);
    }
    this.#bytesLeft -= size;
  }

  /** The answer of this source. */
  result(): CollectResult {
    const evidence = this.#keep();
    const failures = FAILURES_BY_WEIGHT.flatMap(outcome =>
      this.#failures.filter(failure => failure.outcome === outcome),
    );
    const findings: Finding[] = [];
    for (const { code, cause } of failures) {
      if (!findings.some(finding => finding.detail === cause)) {
        findings.push({ code, detail: cause });
      }
    }
    for (const mediaType of this.#unsupported) {
      findings.push({ code: 'format-unsupported', detail: mediaType });
    }
    return {
      lookups: [this.#lookup(failures[0], evidence)],
      evidence,
      findings: [...findings, ...this.#notices],
    };
  }

  #keep(): CollectedEvidence[] {
    const all = [...this.#evidence.values()];
    if (all.length <= this.#kept) return all;
    this.overCap(`holds more than ${this.#kept} pieces of evidence`);
    const isKnown = ({ digest }: CollectedEvidence) =>
      this.#target.known.has(digest);
    return [
      ...all.filter(isKnown),
      ...all.filter(piece => !isKnown(piece)),
    ].slice(0, this.#kept);
  }

  #lookup(failure: Failure | undefined, evidence: unknown[]): Lookup {
    const asked = { source: this.#source, askedAt: this.#askedAt };
    if (failure) {
      const { outcome, cause } = failure;
      // The last of them: before that, the answer would still not be whole.
      const nextDueAt = this.#failures
        .flatMap(one => one.nextDueAt ?? [])
        .sort()
        .pop();
      return { ...asked, outcome, cause, ...(nextDueAt ? { nextDueAt } : {}) };
    }
    if (evidence.length > 0) return { ...asked, outcome: 'found' };
    if (this.#unsupported.size > 0) {
      const cause = `holds formats that are not read: ${[
        ...this.#unsupported,
      ].join(', ')}`;
      return { ...asked, outcome: 'unsupported', cause };
    }
    return { ...asked, outcome: 'none' };
  }
}
