import {
  FindingCode,
  LookupOutcome,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { OutboundError, OutboundFailure } from '../outbound';

const MAX_CAUSE_LENGTH = 300;

/** A failed question, in the words of lookups and findings. */
export type Failure = {
  outcome: LookupOutcome;
  code: FindingCode;
  cause: string;
  /** Before this, asking again is of no use. */
  nextDueAt?: string;
};

const MEANINGS: Record<OutboundFailure, Pick<Failure, 'outcome' | 'code'>> = {
  'not-found': { outcome: 'none', code: 'artifact-not-found' },
  'host-not-allowed': { outcome: 'refused', code: 'host-not-allowed' },
  refused: { outcome: 'refused', code: 'source-refused' },
  unreachable: { outcome: 'unreachable', code: 'source-unreachable' },
  'over-cap': { outcome: 'over-cap', code: 'evidence-over-cap' },
  unsupported: { outcome: 'unsupported', code: 'format-unsupported' },
};

/**
 * Says what a failed question means. Total: what nobody foresaw counts as no
 * answer.
 */
export function describeFailure(error: unknown): Failure {
  const { message } = error as { message?: unknown };
  const cause = `${message ?? error}`.slice(0, MAX_CAUSE_LENGTH);
  if (!(error instanceof OutboundError)) {
    return { ...MEANINGS.unreachable, cause };
  }
  const { failure, retryAt } = error;
  const nextDueAt = retryAt?.toISOString();
  return { ...MEANINGS[failure], cause, ...(nextDueAt ? { nextDueAt } : {}) };
}
