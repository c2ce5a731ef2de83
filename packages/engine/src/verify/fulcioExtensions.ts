import { X509Certificate } from '@sigstore/core';
import { FailedCheck } from './FailedCheck';
import { readDer } from './trustMaterial';

const FULCIO = '1.3.6.1.4.1.57264.1';

// Names of Fulcio's docs/oid-info.md. The first six hold their text as it is,
// the others as a DER UTF8String.
const RAW: Record<string, string> = {
  [`${FULCIO}.1`]: 'issuerV1',
  [`${FULCIO}.2`]: 'githubWorkflowTrigger',
  [`${FULCIO}.3`]: 'githubWorkflowSHA',
  [`${FULCIO}.4`]: 'githubWorkflowName',
  [`${FULCIO}.5`]: 'githubWorkflowRepository',
  [`${FULCIO}.6`]: 'githubWorkflowRef',
};
const DER_TEXT: Record<string, string> = {
  [`${FULCIO}.8`]: 'issuer',
  [`${FULCIO}.9`]: 'buildSignerURI',
  [`${FULCIO}.10`]: 'buildSignerDigest',
  [`${FULCIO}.11`]: 'runnerEnvironment',
  [`${FULCIO}.12`]: 'sourceRepositoryURI',
  [`${FULCIO}.13`]: 'sourceRepositoryDigest',
  [`${FULCIO}.14`]: 'sourceRepositoryRef',
  [`${FULCIO}.15`]: 'sourceRepositoryIdentifier',
  [`${FULCIO}.16`]: 'sourceRepositoryOwnerURI',
  [`${FULCIO}.17`]: 'sourceRepositoryOwnerIdentifier',
  [`${FULCIO}.18`]: 'buildConfigURI',
  [`${FULCIO}.19`]: 'buildConfigDigest',
  [`${FULCIO}.20`]: 'buildTrigger',
  [`${FULCIO}.21`]: 'runInvocationURI',
  [`${FULCIO}.22`]: 'sourceRepositoryVisibilityAtSigning',
  [`${FULCIO}.23`]: 'deploymentEnvironment',
  [`${FULCIO}.24`]: 'tokenSubject',
};
const UTF8_STRING = 0x0c;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Names under which a certificate's extensions are found in facts. */
export const FULCIO_EXTENSION_NAMES: readonly string[] = [
  ...Object.values(RAW).filter(name => name !== 'issuerV1'),
  ...Object.values(DER_TEXT),
];

/**
 * Decodes Fulcio's certificate extensions by name. `issuer` is there whichever
 * of its two forms the certificate carries.
 *
 * @throws FailedCheck when an extension comes twice, is not text, or the two
 *   forms of the issuer disagree
 */
export function readFulcioExtensions(
  certificate: X509Certificate,
): Record<string, string> {
  const extensions: Record<string, string> = {};
  const seen = new Set<string>();
  for (const extension of certificate.extensions) {
    const oid = extension.subs[0].toOID();
    if (seen.has(oid)) {
      throw new FailedCheck(
        'certificate-invalid',
        `the certificate has the extension ${oid} twice`,
      );
    }
    seen.add(oid);
    const value = extension.subs[extension.subs.length - 1].value;
    if (oid in RAW) extensions[RAW[oid]] = decodeText(value, oid);
    if (oid in DER_TEXT) extensions[DER_TEXT[oid]] = decodeDer(value, oid);
  }
  const { issuerV1, ...others } = extensions;
  if (issuerV1 === undefined) return others;
  if (others.issuer !== undefined && others.issuer !== issuerV1) {
    throw new FailedCheck(
      'certificate-invalid',
      'the certificate names two different issuers',
    );
  }
  return { ...others, issuer: issuerV1 };
}

function decodeDer(value: Buffer, oid: string): string {
  const parsed = readDer(value);
  if (!parsed.tag.isUniversal() || parsed.tag.number !== UTF8_STRING) {
    throw new FailedCheck(
      'certificate-invalid',
      `the certificate extension ${oid} is not text`,
    );
  }
  return decodeText(parsed.value, oid);
}

/**
 * Decodes UTF-8 strictly: bytes that are not UTF-8 and control characters are
 * refused rather than replaced, so that no two texts look the same.
 *
 * @throws FailedCheck
 */
export function decodeText(bytes: Buffer, what: string): string {
  if (bytes.every(isPrintable)) return bytes.toString('latin1');
  try {
    const text = UTF8.decode(bytes);
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    if (!/[\u0000-\u001f\u007f]/.test(text)) return text;
  } catch {
    // Not UTF-8: as unreadable as control characters.
  }
  throw new FailedCheck(
    'certificate-invalid',
    `the certificate's ${what} is not readable text`,
  );
}

/** Printable ASCII, which is the same in every encoding. */
function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}
