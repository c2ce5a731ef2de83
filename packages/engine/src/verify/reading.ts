import { Bundle } from '@sigstore/bundle';
import { SignedContent } from './evidence';
import { SignatureContent } from './signatureContent';
import { SigningCertificate } from './signingCertificate';
import { VerificationProfile } from './trustedRoot';

/** A piece of evidence, read; what the checks work on. Nothing in it holds yet. */
export type Reading = {
  bundle: Bundle;
  content: SignedContent;
  certificate: SigningCertificate;
  signature: SignatureContent;
  profile: VerificationProfile;
  /**
   * The library's whole verification passed: no step of it needs to be asked
   * about again.
   */
  libraryPassed: boolean;
};

/** One log entry as it stands in a bundle. */
export type BundleLogEntry =
  Bundle['verificationMaterial']['tlogEntries'][number];

/** The log entries of a bundle. */
export function logEntriesOf(bundle: Bundle): BundleLogEntry[] {
  return bundle.verificationMaterial.tlogEntries;
}
