import { AttestedTime } from '@cloudythings/backstage-plugin-sigstore-common';
import { Bundle } from '@sigstore/bundle';
import { RFC3161Timestamp, crypto } from '@sigstore/core';
import { FailedCheck } from './FailedCheck';
import { UnreadForm } from './UnreadForm';
import { probeTimestamp } from './libraryProbe';
import { findLog } from './logs';
import { CertifiedReading, Reading, logEntriesOf } from './reading';
import { TimestampToken, readTimestampToken } from './timestampToken';
import { VerificationProfile } from './trustedRoot';

/** A time that a bundle says somebody attested, and which authority. */
export type ClaimedTime = Omit<AttestedTime, 'time'> & {
  time: Date;
  /** Tells authorities apart, for counting. */
  authorityId: string;
};

/**
 * Parses the RFC 3161 timestamps of a bundle.
 *
 * @throws FailedCheck with `timestamp-invalid`
 */
export function readTimestampTokens(bundle: Bundle): TimestampToken[] {
  const { timestampVerificationData } = bundle.verificationMaterial;
  return (timestampVerificationData?.rfc3161Timestamps ?? []).map(token => {
    try {
      const timestamp = readTimestampToken(Buffer.from(token.signedTimestamp));
      if (Number.isNaN(timestamp.signingTime.getTime())) throw new Error();
      return timestamp;
    } catch {
      throw new FailedCheck('timestamp-invalid', 'a timestamp is unreadable');
    }
  });
}

/**
 * Lists the times a bundle claims: those of timestamp authorities, and those
 * of logs that come with a signed entry timestamp. A bare integrated time is
 * none: nobody signed it.
 */
export function claimedTimes(
  bundle: Bundle,
  tokens: RFC3161Timestamp[],
  profile: VerificationProfile,
): ClaimedTime[] {
  const fromTokens = tokens.map((token): ClaimedTime => {
    const authority = findAuthority(profile, token);
    return {
      time: token.signingTime,
      source: 'timestamp-authority',
      authority: authority?.name ?? '',
      authorityId: `${token.signerIssuer.toString(
        'hex',
      )} ${token.signerSerialNumber.toString('hex')}`,
    };
  });
  const fromLogs = logEntriesOf(bundle)
    .filter(
      entry =>
        entry.inclusionPromise &&
        entry.integratedTime &&
        entry.integratedTime !== '0',
    )
    .map(
      (entry): ClaimedTime => ({
        time: new Date(Number(entry.integratedTime) * 1000),
        source: 'transparency-log',
        authority: findLog(profile, entry)?.name ?? '',
        authorityId: entry.logId.keyId.toString('hex'),
      }),
    );
  return [...fromTokens, ...fromLogs];
}

/**
 * Checks every RFC 3161 timestamp of a bundle under the trusted root.
 *
 * @returns the form of one that the library refuses although nothing is wrong
 *   with it
 * @throws FailedCheck for the first that does not hold
 */
export function checkTimestampTokens(
  reading: Reading,
  tokens: TimestampToken[],
): UnreadForm | undefined {
  if (reading.passedByLibrary) return undefined;
  const { profile, key } = reading;
  const signed = reading.signature.content.signature;
  for (const token of tokens) {
    const authority = findAuthority(profile, token);
    if (!authority) {
      throw new FailedCheck(
        'timestamp-untrusted',
        'the timestamp names an authority that the trusted root does not contain',
      );
    }
    const { trust } = profile.material;
    const objection = probeTimestamp(trust, key, signed, token);
    if (!objection) continue;
    const time = token.signingTime;
    if (time < authority.start || time > authority.end) {
      throw new FailedCheck(
        'timestamp-untrusted',
        'the timestamp lies outside the time in which the trusted root trusts its authority',
      );
    }
    throw new FailedCheck(
      'timestamp-invalid',
      isOver(token, signed)
        ? 'the timestamp does not carry the signature of its authority'
        : 'the timestamp was made for another signature',
    );
  }
  const form = tokens.map(token => token.unreadForm).find(Boolean);
  return form ? new UnreadForm(form) : undefined;
}

/**
 * Counts the attested times against the threshold of the trusted root. With a
 * certificate one is needed whatever the threshold: only an attested time tells
 * whether a certificate that lives for minutes was in force.
 *
 * @returns `not-applicable` when there is none and none is asked for
 * @throws FailedCheck with `timestamp-missing`
 */
export function requireAttestedTimes(
  { profile, party }: Reading,
  times: ClaimedTime[],
): 'not-applicable' | void {
  const authorities = new Set(times.map(time => time.authorityId)).size;
  const needed = Math.max(
    profile.thresholds.timestamps,
    party.certificate ? 1 : 0,
  );
  if (authorities < needed) {
    throw new FailedCheck(
      'timestamp-missing',
      `${authorities} of ${needed} attested times`,
    );
  }
  return times.length === 0 ? 'not-applicable' : undefined;
}

/**
 * Checks that every attested time lies inside the certificate's window (both
 * ends included, RFC 5280 §4.1.2.5).
 *
 * @throws FailedCheck with `time-outside-certificate`
 */
export function checkSigningTime(
  { certificate: { notBefore, notAfter } }: CertifiedReading,
  times: ClaimedTime[],
): void {
  for (const { time } of times) {
    if (time >= notBefore && time <= notAfter) continue;
    throw new FailedCheck(
      'time-outside-certificate',
      `the certificate was in force from ${notBefore.toISOString()} to ${notAfter.toISOString()}`,
      [
        {
          aspect: 'time of signing',
          found: time.toISOString(),
          expected: `${notBefore.toISOString()} to ${notAfter.toISOString()}`,
        },
      ],
    );
  }
}

function findAuthority(
  { material: { root, trust } }: VerificationProfile,
  token: RFC3161Timestamp,
) {
  const named = trust.timestampAuthorities
    .map((authority, index) => ({ authority, index }))
    .filter(({ authority: { certChain } }) => {
      const [signer] = certChain;
      return (
        signer !== undefined &&
        crypto.bufferEqual(signer.serialNumber, token.signerSerialNumber) &&
        crypto.bufferEqual(signer.issuer, token.signerIssuer)
      );
    });
  if (named.length === 0) return undefined;
  const inForce = named.find(
    ({ authority: { validFor } }) =>
      validFor.start <= token.signingTime && token.signingTime <= validFor.end,
  );
  const { authority, index } = inForce ?? named[0];
  const { subject, uri } = root.timestampAuthorities[index];
  return {
    name: subject?.commonName || subject?.organization || uri,
    start: authority.validFor.start,
    end: authority.validFor.end,
  };
}

function isOver(token: RFC3161Timestamp, signature: Buffer): boolean {
  const { messageImprintHashAlgorithm, messageImprintHashedMessage } =
    token.tstInfo;
  return crypto.bufferEqual(
    crypto.digest(messageImprintHashAlgorithm, signature),
    messageImprintHashedMessage,
  );
}
