import { KeyObject } from 'crypto';
import { isIPv6 } from 'net';
import { Signer } from '@cloudythings/backstage-plugin-sigstore-common';
import { Bundle } from '@sigstore/bundle';
import { ASN1Obj, X509Certificate } from '@sigstore/core';
import { FailedCheck } from './FailedCheck';
import { decodeText, readFulcioExtensions } from './fulcioExtensions';
import { CachedCertificate, readDer } from './trustMaterial';

/** The certificate whose key made the signature, read but not yet checked. */
export type SigningCertificate = {
  der: Buffer;
  parsed: CachedCertificate;
  key: KeyObject;
  notBefore: Date;
  notAfter: Date;
  identity: string;
  identityType: Signer['identityType'];
  issuer: string;
  extensions: Record<string, string>;
};

const SUBJECT_ALT_NAME = '2.5.29.17';
const OTHER_NAME_USERNAME = '1.3.6.1.4.1.57264.1.7';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const BIT_STRING = 0x03;
const SEQUENCE = 0x10;

/**
 * Reads the signing certificate of a bundle: RFC 5280 with Fulcio's
 * extensions. Exactly one name, an issuer, and the use for signing code are
 * demanded of it.
 *
 * @throws FailedCheck with `certificate-invalid`
 */
export function readSigningCertificate(bundle: Bundle): SigningCertificate {
  try {
    return read(certificateBytes(bundle));
  } catch (error) {
    if (error instanceof FailedCheck) throw error;
    throw new FailedCheck(
      'certificate-invalid',
      'the signing certificate cannot be read',
    );
  }
}

function certificateBytes(bundle: Bundle): Buffer {
  const { content } = bundle.verificationMaterial;
  if (content.$case === 'certificate') {
    return Buffer.from(content.certificate.rawBytes);
  }
  if (content.$case === 'x509CertificateChain') {
    return Buffer.from(content.x509CertificateChain.certificates[0].rawBytes);
  }
  throw new Error('no certificate');
}

function read(der: Buffer): SigningCertificate {
  const parsed = CachedCertificate.parse(der);
  requireForm(parsed);
  const extensions = readFulcioExtensions(parsed);
  if (!extensions.issuer) {
    throw new FailedCheck(
      'certificate-invalid',
      'the certificate does not say which identity provider vouched for its holder',
    );
  }
  if (parsed.extBasicConstraints?.isCA) {
    throw new FailedCheck(
      'certificate-invalid',
      'the certificate is one of an authority, not of a signer',
    );
  }
  if (!isForSigningCode(parsed)) {
    throw new FailedCheck(
      'certificate-invalid',
      'the certificate was not issued for signing code',
    );
  }
  const { notBefore, notAfter } = parsed;
  if (!(notBefore <= notAfter)) {
    throw new FailedCheck(
      'certificate-invalid',
      'its validity is not a period',
    );
  }
  return {
    der,
    parsed,
    key: parsed.key,
    notBefore,
    notAfter,
    ...readName(parsed),
    issuer: extensions.issuer,
    extensions,
  };
}

/**
 * The authority signed neither the frame of a certificate nor its second
 * mention of the algorithm (RFC 5280 §4.1.1): both must be what they have to
 * be, so that no other bytes pass for the same certificate.
 */
function requireForm({ root, tbsCertificate }: CachedCertificate) {
  const [, algorithm, signature, ...rest] = root.subs;
  const [, , signedAlgorithm] = tbsCertificate.subs;
  const isCertificate =
    hasTag(root, SEQUENCE) &&
    hasTag(signature, BIT_STRING) &&
    // No bit of the last octet is left out.
    signature.value[0] === 0 &&
    algorithm.toDER().equals(signedAlgorithm.toDER()) &&
    rest.length === 0;
  if (isCertificate) return;
  throw new FailedCheck(
    'certificate-invalid',
    'what its authority did not sign is not what a certificate has there',
  );
}

function hasTag({ tag }: ASN1Obj, number: number): boolean {
  return tag.isUniversal() && tag.number === number;
}

/** ExtKeyUsageSyntax of RFC 5280 §4.2.1.12: a sequence of identifiers. */
function isForSigningCode(certificate: X509Certificate): boolean {
  const extension = certificate.extension(EXTENDED_KEY_USAGE);
  if (!extension) return false;
  const uses = readDer(extension.value);
  return (
    hasTag(uses, SEQUENCE) &&
    uses.subs.map(use => use.toOID()).includes(CODE_SIGNING)
  );
}

/** GeneralName of RFC 5280 §4.2.1.6; Fulcio writes exactly one. */
function readName(
  certificate: X509Certificate,
): Pick<SigningCertificate, 'identity' | 'identityType'> {
  const extension = certificate.extension(SUBJECT_ALT_NAME);
  const names = extension ? readDer(extension.value).subs : [];
  if (names.length !== 1) {
    throw new FailedCheck(
      'certificate-invalid',
      `the certificate names ${names.length} identities instead of one`,
    );
  }
  const [name] = names;
  if (!name.tag.isContextSpecific()) {
    throw new FailedCheck('certificate-invalid', 'its identity is unreadable');
  }
  switch (name.tag.number) {
    case 0:
      return { identity: readUsername(name), identityType: 'other-name' };
    case 1:
      return { identity: ascii(name.value), identityType: 'email' };
    case 2:
      return { identity: ascii(name.value), identityType: 'dns' };
    case 6:
      return { identity: ascii(name.value), identityType: 'uri' };
    case 7:
      return { identity: address(name.value), identityType: 'ip' };
    default:
      throw new FailedCheck(
        'certificate-invalid',
        'the certificate names an identity of a kind that is not known',
      );
  }
}

function readUsername(name: ASN1Obj): string {
  const [type, value] = name.subs;
  if (type.toOID() !== OTHER_NAME_USERNAME) {
    throw new FailedCheck(
      'certificate-invalid',
      `the certificate names an identity of the unknown type ${type.toOID()}`,
    );
  }
  return required(decodeText(value.subs[0].value, 'identity'));
}

function ascii(bytes: Buffer): string {
  if (bytes.some(byte => byte > 0x7f)) {
    throw new FailedCheck(
      'certificate-invalid',
      'the identity in the certificate is not plain ASCII',
    );
  }
  return required(decodeText(bytes, 'identity'));
}

function required(identity: string): string {
  if (identity === '') {
    throw new FailedCheck('certificate-invalid', 'its identity is empty');
  }
  return identity;
}

function address(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = bytes.toString('hex').match(/.{4}/g) ?? [];
  const text = groups.join(':');
  if (!isIPv6(text)) {
    throw new FailedCheck(
      'certificate-invalid',
      'the identity in the certificate is not an address',
    );
  }
  return text;
}
