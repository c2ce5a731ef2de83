import { FailedCheck } from './FailedCheck';
import { parseJson } from './artifactBinding';
import { EvidenceJson, SignedContent } from './evidence';

const MAX_LOG_ENTRIES = 32;
const MAX_TIMESTAMPS = 32;
const MAX_SUBJECTS = 1024;
const MAX_DIGESTS_PER_SUBJECT = 32;
const MAX_DEPTH = 64;

/**
 * Counts what evidence contains before any work is spent on it. What cannot be
 * counted is left to the check that reads it.
 *
 * @throws FailedCheck with `evidence-over-cap`
 */
export function checkLimits(evidence: EvidenceJson): void {
  limitDepth('evidence', evidence.bundle);
  const bundle = asRecord(evidence.bundle);
  const material = asRecord(bundle.verificationMaterial);
  const timestamps = asRecord(material.timestampVerificationData);
  limit('log entries', asArray(material.tlogEntries), MAX_LOG_ENTRIES);
  limit('timestamps', asArray(timestamps.rfc3161Timestamps), MAX_TIMESTAMPS);
}

/**
 * Counts what the signed payload contains, as it will be read.
 *
 * @throws FailedCheck with `evidence-over-cap`
 */
export function checkContentLimits(content: SignedContent): void {
  if (content.type === 'message-signature') return;
  const json = read(content.payload);
  if (content.type !== 'in-toto') {
    limitDepth('payload', json);
    return;
  }
  limitDepth('statement', json);
  const subjects = asArray(asRecord(json).subject);
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

/**
 * Parsing takes any depth, but storing, sending and showing do not: what is
 * nested deeper would stop whoever handles it next.
 */
function limitDepth(what: string, json: unknown) {
  let level: unknown[] = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new FailedCheck(
        'evidence-over-cap',
        `the ${what} is nested more than ${MAX_DEPTH} levels deep`,
      );
    }
    level = level.flatMap(value =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}

function read(payload: Buffer): unknown {
  try {
    return parseJson(payload);
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
