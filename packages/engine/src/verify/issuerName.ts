import { FailedCheck } from './FailedCheck';
import { SigningCertificate } from './signingCertificate';
import { CachedCertificate } from './trustMaterial';
import { VerificationProfile } from './trustedRoot';

/**
 * The name of the authority that a certificate says issued it, in words. An
 * authority of the trusted root knows its name; only that of another is read
 * out of the certificate.
 *
 * @throws FailedCheck with `certificate-invalid` when it cannot be read
 */
export function issuerName(
  { parsed }: SigningCertificate,
  { material: { trust } }: VerificationProfile,
): string {
  const authority = trust.certificateAuthorities
    .flatMap(({ certChain }) => certChain)
    .find(({ subject }) => subject.equals(parsed.issuer));
  try {
    const known = authority instanceof CachedCertificate;
    const name = known ? authority.names.subject : parsed.names.issuer;
    return name.split('\n').join(', ');
  } catch {
    throw new FailedCheck(
      'certificate-invalid',
      'the name of the authority in the signing certificate cannot be read',
    );
  }
}
