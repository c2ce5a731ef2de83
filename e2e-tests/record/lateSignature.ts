import {
  X509Certificate,
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mediaTypes } from './mediaTypes.ts';

/** The predicate type under which cosign signs an image. */
export const signaturePredicate = 'https://sigstore.dev/cosign/sign/v1';

const payloadType = 'application/vnd.in-toto+json';

/** Addresses of the services on loopback. */
interface Services {
  fulcio: string;
  timestamp: string;
  rekor: string;
}

/** A key with the certificate that Fulcio issued for it. */
export interface CertifiedKey {
  key: KeyObject;
  certificate: X509Certificate;
}

/**
 * Asks Fulcio (API v2) for a certificate for a fresh key.
 *
 * @param token - identity token; its subject is signed as proof of the key
 */
export async function certifiedKey(
  services: Services,
  token: string,
): Promise<CertifiedKey> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  });
  const claims = JSON.parse(
    Buffer.from(token.split('.')[1], 'base64url').toString(),
  );
  const answer = (await post(`${services.fulcio}/api/v2/signingCert`, {
    credentials: { oidcIdentityToken: token },
    publicKeyRequest: {
      publicKey: {
        algorithm: 'ECDSA',
        content: publicKey.export({ type: 'spki', format: 'pem' }),
      },
      proofOfPossession: sign(
        'sha256',
        Buffer.from(claims.sub),
        privateKey,
      ).toString('base64'),
    },
  })) as {
    signedCertificateEmbeddedSct: { chain: { certificates: string[] } };
  };
  const [leaf] = answer.signedCertificateEmbeddedSct.chain.certificates;
  return { key: privateKey, certificate: new X509Certificate(leaf) };
}

/**
 * Signs an image digest as cosign does (an in-toto statement in a DSSE
 * envelope), has the signature timestamped and entered in the log, and puts it
 * all in a bundle. Unlike cosign it does not look at the certificate's end.
 */
export async function signImage(
  services: Services,
  signer: CertifiedKey,
  digest: string,
): Promise<Buffer> {
  const [algorithm, hex] = digest.split(':');
  const payload = Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ digest: { [algorithm]: hex } }],
      predicateType: signaturePredicate,
      predicate: {},
    }),
  );
  const encoded = preAuthenticationEncoding(payload);
  const signature = sign('sha256', encoded, signer.key);
  const certificate = { rawBytes: signer.certificate.raw.toString('base64') };
  const entry = await post(`${services.rekor}/api/v2/log/entries`, {
    hashedRekordRequestV002: {
      digest: createHash('sha256').update(encoded).digest('base64'),
      signature: {
        content: signature.toString('base64'),
        verifier: {
          x509Certificate: certificate,
          keyDetails: 'PKIX_ECDSA_P256_SHA_256',
        },
      },
    },
  });
  const signedTimestamp = await timestamp(services, signature);
  return Buffer.from(
    JSON.stringify({
      mediaType: mediaTypes.bundle,
      verificationMaterial: {
        certificate,
        tlogEntries: [entry],
        timestampVerificationData: {
          rfc3161Timestamps: [
            { signedTimestamp: signedTimestamp.toString('base64') },
          ],
        },
      },
      dsseEnvelope: {
        payload: payload.toString('base64'),
        payloadType,
        signatures: [{ sig: signature.toString('base64') }],
      },
    }),
  );
}

/** What a DSSE signature is made over (DSSE protocol, PAE). */
function preAuthenticationEncoding(payload: Buffer): Buffer {
  const head = `DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** A timestamp response (RFC 3161) over a signature, with the certificate in it. */
async function timestamp(
  services: Services,
  signature: Buffer,
): Promise<Buffer> {
  const imprint = createHash('sha256').update(signature).digest();
  const nonce = randomBytes(8);
  nonce[0] = (nonce[0] & 0x3f) | 0x40; // positive and without leading zeros
  const request = Buffer.concat([
    Buffer.from(
      '3043020101' + '3031300d0609608648016503040201050004' + '20',
      'hex',
    ),
    imprint,
    Buffer.from('0208', 'hex'),
    nonce,
    Buffer.from('0101ff', 'hex'),
  ]);
  const response = await fetch(`${services.timestamp}/api/v1/timestamp`, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query' },
    body: new Uint8Array(request),
  });
  if (!response.ok) throw new Error(`Timestamp authority: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

async function post(address: string, content: object): Promise<object> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(content),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`POST ${address}: ${response.status} ${text}`);
  return JSON.parse(text) as object;
}
