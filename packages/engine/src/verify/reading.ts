import { KeyObject } from 'crypto';
import { Bundle } from '@sigstore/bundle';
import { SignedContent } from './evidence';
import { Signature } from './signatureContent';
import { SigningCertificate } from './signingCertificate';
import { TrustedKey } from './trustedKeys';
import { VerificationProfile } from './trustedRoot';

/** Who is said to have signed: a certificate, or a key of the trusted root. */
export type SigningParty =
  | { certificate: SigningCertificate; trustedKey?: undefined }
  | { certificate?: undefined; trustedKey: TrustedKey };

/** A piece of evidence, read; what the checks work on. Nothing in it holds yet. */
export type Reading = {
  bundle: Bundle;
  content: SignedContent;
  party: SigningParty;
  /** The key of the certificate, or the trusted key. */
  key: KeyObject;
  signature: Signature;
  profile: VerificationProfile;
  /**
   * The library's whole verification passed: no step of it needs to be asked
   * about again.
   */
  passedByLibrary: boolean;
};

/** A reading of evidence that a certificate came with. */
export type CertifiedReading = Omit<Reading, 'party'> & {
  certificate: SigningCertificate;
};

/** One log entry as it stands in a bundle. */
export type BundleLogEntry =
  Bundle['verificationMaterial']['tlogEntries'][number];

/** The log entries of a bundle. */
export function logEntriesOf(bundle: Bundle): BundleLogEntry[] {
  return bundle.verificationMaterial.tlogEntries;
}
