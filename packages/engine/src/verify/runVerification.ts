import {
  CheckName,
  Facts,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { CheckRecord } from './CheckRecord';
import { FailedCheck } from './FailedCheck';
import { UnreadForm } from './UnreadForm';
import { Artifact, VerifyOptions, readArtifact } from './artifact';
import { checkArtifactBinding } from './artifactBinding';
import { checkCertificateLog, checkChain } from './certificateChecks';
import { ENGINE_REVISION } from './engineRevision';
import { Evidence, parseEvidence, readBundle } from './evidence';
import { describeFacts } from './facts';
import { libraryObjection } from './libraryProbe';
import { entityTimestamps, unexplained } from './libraryWords';
import { checkContentLimits, checkLimits } from './limits';
import { checkLogEntryBinding, checkLogInclusion } from './logEntryChecks';
import { CertifiedReading, Reading, logEntriesOf } from './reading';
import { signatureContent } from './signatureContent';
import { entityKey, readSigningParty, trustFor } from './signingParty';
import {
  ClaimedTime,
  checkSigningTime,
  checkTimestampTokens,
  claimedTimes,
  readTimestampTokens,
  requireAttestedTimes,
} from './timestamps';
import { TimestampToken } from './timestampToken';
import { VerificationProfile } from './trustedRoot';

/** What a verification may be given besides evidence, artifact and root. */
export type VerificationOptions = VerifyOptions & {
  /**
   * Empty everywhere but in tests. With any check off, the library's own
   * verification is not required either.
   */
  disabledChecks?: ReadonlySet<CheckName>;
};

/**
 * Verifies evidence with some checks switched off, so that a test can show
 * that each of them is what stops a bad case. Not exported from the package.
 */
export function runVerification(
  evidence: Evidence,
  artifactDigest: string,
  profile: VerificationProfile,
  options: VerificationOptions = {},
): Verification {
  const { disabledChecks = new Set() } = options;
  const record = new CheckRecord(disabledChecks);
  const artifact = readArtifact(artifactDigest, options);
  let facts: Facts | undefined;
  try {
    if (artifact.foreignBytes) failOnForeignBytes(record, artifact);
    facts = verify(record, evidence, artifact, profile, disabledChecks);
  } catch {
    record.fail('format', {
      code: 'evidence-malformed',
      detail: 'the evidence cannot be read',
    });
  }
  return {
    evidenceDigest: evidence.digest,
    artifactDigest,
    trustedRoot: profile.name,
    profileDigest: profile.digest,
    engineRevision: ENGINE_REVISION,
    checks: record.checks(),
    ...(facts ? { facts } : {}),
    findings: record.findings(),
  };
}

/**
 * Makes every check whose inputs are there, so that what fails can be told
 * from what follows from it. Facts only come out when all of them held and the
 * library's whole verification passed.
 */
function verify(
  record: CheckRecord,
  evidence: Evidence,
  artifact: Artifact,
  profile: VerificationProfile,
  disabledChecks: ReadonlySet<CheckName>,
): Facts | undefined {
  const json = record.run('format', () => parseEvidence(evidence));
  if (!json) return undefined;
  record.run('limits', () => checkLimits(json));
  if (!record.held('limits')) return undefined;
  const read = record.run('format', () => readBundle(json));
  if (!read) return undefined;
  const { bundle, content } = read;
  record.run('limits', () => checkContentLimits(content));
  if (!record.held('limits')) return undefined;
  const signature = signatureContent(bundle, content, artifact);
  const party = readSigningParty(record, bundle, signature, profile);
  if (!party) return undefined;
  const tokens = readTokens(record, read);
  const times = tokens ? claimedTimes(bundle, tokens, profile) : [];
  const objection = tokens
    ? libraryObjection(trustFor(profile, party), profile.thresholds, {
        signature: signature.content,
        key: entityKey(party),
        tlogEntries: logEntriesOf(bundle),
        timestamps: entityTimestamps(tokens, bundle),
      })
    : new Error('a timestamp is unreadable');
  const reading: Reading = {
    bundle,
    content,
    party,
    key: (party.certificate ?? party.trustedKey).key,
    signature,
    profile,
    passedByLibrary: !objection && disabledChecks.size === 0,
  };

  record.run('log-inclusion', () => checkLogInclusion(reading, times));
  if (tokens) {
    record.run('timestamps', () => checkTimes(record, reading, tokens, times));
  }
  if (party.certificate) {
    const { certificate } = party;
    checkCertificate(record, { ...reading, certificate }, times);
  }
  if (record.held('log-inclusion')) {
    record.run('log-entry-binding', () => checkLogEntryBinding(reading));
  }
  record.run('signature', () => checkSignature(reading));
  // Before the signature holds, nobody said which artifact it is about.
  if (record.held('signature') && !record.failed('artifact-binding')) {
    record.run('artifact-binding', () =>
      checkArtifactBinding(content, artifact),
    );
  }
  if (!record.allHeld()) return undefined;
  if (objection && disabledChecks.size === 0) {
    record.fail(...unexplained(objection));
    return undefined;
  }
  return describeFacts(reading, times);
}

function checkSignature({
  passedByLibrary,
  signature,
  key,
}: Reading): UnreadForm | undefined {
  // The library's own verification ends with this very check.
  if (passedByLibrary || signature.content.verifySignature(key))
    return undefined;
  const form = signature.unreadForm(key);
  if (form) return new UnreadForm(form);
  throw new FailedCheck(
    'signature-invalid',
    'the key of the certificate did not make this signature',
  );
}

function checkCertificate(
  record: CheckRecord,
  reading: CertifiedReading,
  times: ClaimedTime[],
) {
  record.run('certificate-chain', () => checkChain(reading, times));
  if (record.held('certificate-chain')) {
    record.run('certificate-log', () => checkCertificateLog(reading, times));
  }
  if (record.held('timestamps')) {
    record.run('signing-time', () => checkSigningTime(reading, times));
  }
}

/**
 * Whoever gives bytes means that they are the artifact. If they are not, no
 * evidence about the digest says anything about them.
 */
function failOnForeignBytes(
  record: CheckRecord,
  { digests, foreignBytes }: Artifact,
) {
  record.run('artifact-binding', () => {
    throw new FailedCheck(
      'artifact-mismatch',
      'the bytes are not those that the digest names',
      [
        {
          aspect: 'digest',
          found: `${foreignBytes}`,
          expected: `sha256:${digests.get('sha256')}`,
        },
      ],
    );
  });
}

function readTokens(
  record: CheckRecord,
  { bundle }: ReturnType<typeof readBundle>,
) {
  try {
    return readTimestampTokens(bundle);
  } catch (error) {
    record.run('timestamps', () => {
      throw error;
    });
    return undefined;
  }
}

/**
 * A time that a log attested counts once the entry is proved. Where the entry
 * is not, the missing time follows from that and is no finding of its own.
 */
function checkTimes(
  record: CheckRecord,
  reading: Reading,
  tokens: TimestampToken[],
  times: ClaimedTime[],
): 'not-reached' | 'not-applicable' | UnreadForm | void {
  const unread = checkTimestampTokens(reading, tokens);
  const hasLogTimes = times.some(({ source }) => source === 'transparency-log');
  if (record.failed('log-inclusion') && hasLogTimes) return 'not-reached';
  return requireAttestedTimes(reading, times) ?? unread;
}
