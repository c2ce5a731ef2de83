import { createPublicKey } from 'crypto';
import { BundleLogEntry } from './reading';
import { toTrustedKey } from './trustedKeys';

/** Who a log entry says has signed, in DER form. */
export type LoggedSigner = { certificate?: Buffer; key?: Buffer };

const PEM_CERTIFICATE =
  /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/;

/** The kinds and versions of entries that are read. */
export const KNOWN_KINDS: ReadonlySet<string> = new Set([
  'hashedrekord 0.0.1',
  'hashedrekord 0.0.2',
  'dsse 0.0.1',
  'dsse 0.0.2',
  'intoto 0.0.2',
]);

/**
 * The kind and version that the logged body itself names; undefined when it
 * cannot be read.
 */
export function kindInEntry(entry: BundleLogEntry): string | undefined {
  try {
    const { kind, apiVersion } = readBody(entry);
    return `${kind} ${apiVersion}`;
  } catch {
    // What is no JSON, or null, names none.
  }
  return undefined;
}

/**
 * The certificate or key that an entry was logged with.
 *
 * @throws when the entry is not of one of the known kinds or not of its form
 */
export function signerInEntry(entry: BundleLogEntry): LoggedSigner {
  const { kind, apiVersion, spec } = readBody(entry);
  switch (`${kind} ${apiVersion}`) {
    case 'hashedrekord 0.0.1':
      return fromPem(spec.signature.publicKey.content);
    case 'dsse 0.0.1':
      return fromPem(spec.signatures[0].verifier);
    case 'intoto 0.0.2':
      return fromPem(spec.content.envelope.signatures[0].publicKey);
    case 'hashedrekord 0.0.2':
      return fromDer(spec.hashedRekordV002.signature.verifier);
    case 'dsse 0.0.2':
      return fromDer(spec.dsseV002.signatures[0].verifier);
    default:
      return {};
  }
}

function readBody(entry: BundleLogEntry) {
  return JSON.parse(entry.canonicalizedBody.toString('utf8'));
}

function fromPem(encoded: string): LoggedSigner {
  const pem = Buffer.from(encoded, 'base64').toString('utf8');
  const [, certificate] = PEM_CERTIFICATE.exec(pem) ?? [];
  if (certificate) return { certificate: Buffer.from(certificate, 'base64') };
  return { key: toTrustedKey(createPublicKey(pem)).der };
}

function fromDer(verifier: {
  x509Certificate?: { rawBytes: string };
  publicKey?: { rawBytes: string };
}): LoggedSigner {
  const { x509Certificate, publicKey } = verifier;
  if (x509Certificate) {
    return { certificate: Buffer.from(x509Certificate.rawBytes, 'base64') };
  }
  if (!publicKey) return {};
  const key = createPublicKey({
    key: Buffer.from(publicKey.rawBytes, 'base64'),
    format: 'der',
    type: 'spki',
  });
  return { key: toTrustedKey(key).der };
}
