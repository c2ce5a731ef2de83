import { createHash } from 'crypto';
import { Facts, Signer } from '@cloudythings/backstage-plugin-sigstore-common';
import { pem } from '@sigstore/core';
import { parseJson, readStatement } from './artifactBinding';
import { SignedContent } from './evidence';
import { describeLogEntry } from './describeLogEntry';
import { issuerName } from './issuerName';
import { findLog } from './logs';
import { Reading, SigningParty, logEntriesOf } from './reading';
import { SigningCertificate } from './signingCertificate';
import { ClaimedTime } from './timestamps';
import { VerificationProfile } from './trustedRoot';

/**
 * Writes down what verification established. Only called after every check
 * held.
 *
 * @throws when the content cannot be read after all
 */
export function describeFacts(reading: Reading, times: ClaimedTime[]): Facts {
  const { bundle, content, party, profile } = reading;
  return {
    signer: { trustedRoot: profile.name, ...describeParty(party) },
    ...(party.certificate
      ? { certificate: describeCertificate(party.certificate, profile) }
      : {}),
    times: times.map(({ time, source, authority }) => ({
      time: time.toISOString(),
      source,
      authority,
    })),
    logEntries: logEntriesOf(bundle).flatMap(entry => {
      const log = findLog(profile, entry);
      return log ? [describeLogEntry(entry, log)] : [];
    }),
    content: describeContent(content),
  };
}

function describeParty({
  certificate,
  trustedKey,
}: SigningParty): Omit<Signer, 'trustedRoot'> {
  if (!certificate) {
    return {
      issuer: '',
      identity: trustedKey.digest,
      identityType: 'public-key',
      extensions: {},
    };
  }
  const { issuer, identity, identityType, extensions } = certificate;
  return { issuer, identity, identityType, extensions };
}

function describeCertificate(
  certificate: SigningCertificate,
  profile: VerificationProfile,
): Facts['certificate'] {
  const { der, parsed, notBefore, notAfter } = certificate;
  return {
    serialNumber: parsed.serialNumber
      .toString('hex')
      .replace(/^(00)+(?=.)/, ''),
    issuerName: issuerName(certificate, profile),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    fingerprint: createHash('sha256').update(der).digest('hex'),
    pem: pem.fromDER(der),
  };
}

function describeContent(content: SignedContent): Facts['content'] {
  switch (content.type) {
    case 'message-signature':
      return { type: content.type };
    case 'simple-signing':
    case 'enveloped-simple-signing':
      return { type: 'simple-signing', statement: parseJson(content.payload) };
    default: {
      const statement = readStatement(content);
      return {
        type: content.type,
        predicateType: statement.predicateType,
        statement,
      };
    }
  }
}
