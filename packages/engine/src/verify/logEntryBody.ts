import { X509Certificate } from 'crypto';
import { BundleLogEntry } from './reading';

/**
 * The certificate that an entry was logged with, in DER form; undefined when
 * it names a bare key or none. Covers the kinds that the library verifies.
 */
export function certificateInEntry(entry: BundleLogEntry): Buffer | undefined {
  const { spec } = JSON.parse(entry.canonicalizedBody.toString('utf8'));
  const { kind, version } = entry.kindVersion;
  switch (`${kind} ${version}`) {
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
      return undefined;
  }
}

function fromPem(encoded: string): Buffer | undefined {
  const pem = Buffer.from(encoded, 'base64').toString('utf8');
  return pem.includes('BEGIN CERTIFICATE')
    ? new X509Certificate(pem).raw
    : undefined;
}

function fromDer(verifier: {
  x509Certificate?: { rawBytes: string };
}): Buffer | undefined {
  const encoded = verifier.x509Certificate?.rawBytes;
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
}
