import { VerificationError } from '@sigstore/verify';
import { FailedCheck } from './FailedCheck';
import { issuerName } from './issuerName';
import { probeCertificate } from './libraryProbe';
import { CertifiedReading } from './reading';
import { ClaimedTime } from './timestamps';

/** What the library says when no chain leads to an authority of the root. */
const NO_CHAIN = 'Failed to verify certificate chain';

/**
 * Checks that the certificate chains to an authority of the trusted root, at
 * every attested time inside its own window. Times outside are the concern of
 * the check of the signing time.
 *
 * @throws FailedCheck with `chain-untrusted`, or `certificate-invalid` when an
 *   authority of the root is named as issuer but did not sign it
 */
export function checkChain(
  reading: CertifiedReading,
  times: ClaimedTime[],
): void {
  if (reading.passedByLibrary) return;
  const { certificate, profile } = reading;
  for (const time of timesToCheck(reading, times)) {
    const objection = probeCertificate(
      profile.material.trust,
      0,
      certificate.parsed,
      time,
    );
    if (!isAboutChain(objection)) continue;
    const issuer = issuerName(certificate, profile);
    throw isIssuedInTheNameOfTheRoot(reading)
      ? new FailedCheck(
          'certificate-invalid',
          'the certificate does not carry the signature of the authority it names, or that authority was not in force',
        )
      : new FailedCheck(
          'chain-untrusted',
          `issued by ${issuer}, which the trusted root "${profile.name}" does not contain`,
          [
            {
              aspect: 'certificate authority',
              found: issuer,
              expected: `one of the trusted root "${profile.name}"`,
            },
          ],
        );
  }
}

/**
 * Checks the signed certificate timestamps of the certificate (RFC 6962).
 *
 * @returns `not-applicable` when there is none and none is asked for
 * @throws FailedCheck with `certificate-log-missing` or `certificate-invalid`
 */
export function checkCertificateLog(
  reading: CertifiedReading,
  times: ClaimedTime[],
): 'not-applicable' | void {
  const { certificate, profile } = reading;
  const needed = profile.thresholds.certificateTransparency;
  const stamps = certificate.parsed.extSCT?.signedCertificateTimestamps ?? [];
  const logs = new Set(stamps.map(({ logID }) => logID.toString('hex'))).size;
  if (stamps.length === 0 && needed === 0) return 'not-applicable';
  if (reading.passedByLibrary) return undefined;
  const { trust } = profile.material;
  const unknown = stamps.find(
    stamp =>
      !trust.ctlogs.some(
        ({ logID, validFor }) =>
          logID.equals(stamp.logID) &&
          validFor.start <= stamp.datetime &&
          stamp.datetime <= validFor.end,
      ),
  );
  if (unknown || logs < needed) {
    throw new FailedCheck(
      'certificate-log-missing',
      unknown
        ? `a certificate log that the trusted root does not contain (${unknown.logID.toString(
            'hex',
          )})`
        : `signed certificate timestamps of ${logs} of ${needed} certificate logs`,
    );
  }
  for (const time of timesToCheck(reading, times)) {
    const objection = probeCertificate(trust, needed, certificate.parsed, time);
    if (objection) {
      throw new FailedCheck(
        'certificate-invalid',
        'the proof that the certificate was made public is not about this certificate',
      );
    }
  }
  return undefined;
}

function timesToCheck(
  { certificate: { notBefore, notAfter } }: CertifiedReading,
  times: ClaimedTime[],
): Date[] {
  const inside = times
    .map(({ time }) => time)
    .filter(time => time >= notBefore && time <= notAfter);
  return inside.length > 0 ? inside : [notBefore];
}

/** The library builds the chain before it looks at anything else. */
function isAboutChain(objection: unknown): boolean {
  return (
    objection instanceof VerificationError && objection.message === NO_CHAIN
  );
}

function isIssuedInTheNameOfTheRoot({
  certificate,
  profile,
}: CertifiedReading) {
  const { parsed } = certificate;
  const issuerKeyId = parsed.extAuthorityKeyID?.keyIdentifier;
  return profile.material.trust.certificateAuthorities
    .flatMap(authority => authority.certChain)
    .some(authority => {
      const keyId = authority.extSubjectKeyID?.keyIdentifier;
      return (
        authority.subject.equals(parsed.issuer) &&
        (!issuerKeyId || !keyId || issuerKeyId.equals(keyId))
      );
    });
}
