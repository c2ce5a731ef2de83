import { CheckName } from '@cloudythings/backstage-plugin-sigstore-common';
import { Bundle } from '@sigstore/bundle';
import { SignedEntity, TrustMaterial } from '@sigstore/verify';
import { CheckRecord } from './CheckRecord';
import { FailedCheck } from './FailedCheck';
import { findKey } from './findKey';
import { SigningParty } from './reading';
import { Signature } from './signatureContent';
import { readSigningCertificate } from './signingCertificate';
import { VerificationProfile } from './trustedRoot';

/** The checks that there is nothing to make of without a certificate. */
const OF_CERTIFICATES: CheckName[] = [
  'certificate-chain',
  'certificate-log',
  'signing-time',
];

/** The check that a finding about a key belongs to, whoever came upon it. */
const CHECK_OF: Record<string, CheckName> = {
  'format-unsupported': 'signature',
  'artifact-mismatch': 'artifact-binding',
};

/**
 * Reads the certificate of a bundle, or finds the key of the trusted root that
 * made its signature.
 *
 * @returns undefined when there is neither; the record says why
 */
export function readSigningParty(
  record: CheckRecord,
  bundle: Bundle,
  signature: Signature,
  profile: VerificationProfile,
): SigningParty | undefined {
  const { content } = bundle.verificationMaterial;
  if (content.$case === 'publicKey') {
    for (const name of OF_CERTIFICATES) record.run(name, notApplicable);
    const { hint } = content.publicKey;
    return attempt(record, 'signature', () => ({
      trustedKey: findKey(signature, profile.material.keys, hint),
    }));
  }
  return attempt(record, 'certificate-chain', () => {
    const certificate = readSigningCertificate(bundle);
    const obstacle = signature.obstacleOf(certificate.key);
    if (obstacle) throw new FailedCheck('format-unsupported', obstacle);
    return { certificate };
  });
}

/** A signing party as the library knows it. */
export function entityKey(party: SigningParty): SignedEntity['key'] {
  return party.certificate
    ? { $case: 'certificate', certificate: party.certificate.parsed }
    : { $case: 'public-key', hint: party.trustedKey.digest };
}

/**
 * The authorities of a trusted root, and the one key that a signature was
 * found to be made with. When a key may sign is for policies to say.
 */
export function trustFor(
  { material: { trust } }: VerificationProfile,
  { trustedKey }: SigningParty,
): TrustMaterial {
  if (!trustedKey) return trust;
  const { key: publicKey } = trustedKey;
  return { ...trust, publicKey: () => ({ publicKey, validFor: () => true }) };
}

function attempt<T>(
  record: CheckRecord,
  check: CheckName,
  read: () => T,
): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = error instanceof FailedCheck ? error.finding.code : '';
    record.run(CHECK_OF[code] ?? check, () => {
      throw error;
    });
    return undefined;
  }
}

function notApplicable() {
  return 'not-applicable';
}
