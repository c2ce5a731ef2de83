import {
  CheckName,
  Finding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { SignedEntity, VerificationError } from '@sigstore/verify';
import { Reading, logEntriesOf } from './reading';
import { TimestampToken } from './timestampToken';

/** Times as the library wants them; it has the same rule about bare ones. */
export function entityTimestamps(
  tokens: TimestampToken[],
  bundle: Reading['bundle'],
): SignedEntity['timestamps'] {
  return [
    ...logEntriesOf(bundle)
      .filter(entry => entry.integratedTime && entry.integratedTime !== '0')
      .map(tlogEntry => ({ $case: 'transparency-log' as const, tlogEntry })),
    ...tokens.map(token => ({
      $case: 'timestamp-authority' as const,
      timestamp: token.asLibraryReads(),
    })),
  ];
}

/** The library objects and no check of ours did: its word stands. */
export function unexplained(objection: unknown): [CheckName, Finding] {
  const code =
    objection instanceof VerificationError ? objection.code : undefined;
  const detail =
    objection instanceof VerificationError
      ? objection.message
      : 'the evidence cannot be read';
  switch (code) {
    case 'TIMESTAMP_ERROR':
      return ['timestamps', { code: 'timestamp-invalid', detail }];
    case 'CERTIFICATE_ERROR':
      return ['certificate-chain', { code: 'certificate-invalid', detail }];
    case 'TLOG_BODY_ERROR':
      return ['log-entry-binding', { code: 'log-entry-mismatch', detail }];
    case 'TLOG_ERROR':
    case 'TLOG_INCLUSION_PROOF_ERROR':
    case 'TLOG_INCLUSION_PROMISE_ERROR':
    case 'TLOG_MISSING_INCLUSION_ERROR':
      return ['log-inclusion', { code: 'log-proof-invalid', detail }];
    case 'SIGNATURE_ERROR':
      return ['signature', { code: 'signature-invalid', detail }];
    default:
      return ['format', { code: 'evidence-malformed', detail }];
  }
}
