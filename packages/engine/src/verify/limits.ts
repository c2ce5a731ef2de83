import { FailedCheck } from './FailedCheck';
import { EvidenceJson } from './evidence';

const MAX_LOG_ENTRIES = 32;
const MAX_TIMESTAMPS = 32;
const MAX_SUBJECTS = 1024;
const MAX_DIGESTS_PER_SUBJECT = 32;

/**
 * Counts what evidence contains before any work is spent on it. What cannot be
 * counted is left to the check that reads it.
 *
 * @throws FailedCheck with `evidence-over-cap`
 */
export function checkLimits(evidence: EvidenceJson): void {
  const bundle = asRecord(evidence.bundle);
  const material = asRecord(bundle.verificationMaterial);
  const timestamps = asRecord(material.timestampVerificationData);
  limit('log entries', asArray(material.tlogEntries), MAX_LOG_ENTRIES);
  limit('timestamps', asArray(timestamps.rfc3161Timestamps), MAX_TIMESTAMPS);
  const { payload } = asRecord(bundle.dsseEnvelope);
  if (typeof payload !== 'string') return;
  const subjects = asArray(asRecord(decode(payload)).subject);
  limit('subjects', subjects, MAX_SUBJECTS);
  for (const subject of subjects) {
    const digests = Object.keys(asRecord(asRecord(subject).digest));
    limit('digests of one subject', digests, MAX_DIGESTS_PER_SUBJECT);
  }
}

function limit(what: string, things: unknown[], most: number) {
  if (things.length > most) {
    throw new FailedCheck(
      'evidence-over-cap',
      `${things.length} ${what}, at most ${most} are read`,
    );
  }
}

function decode(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : {};
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
