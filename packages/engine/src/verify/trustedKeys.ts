import { KeyObject, createHash, createPublicKey } from 'crypto';

/** A public key that a trusted root was given to verify with. */
export type TrustedKey = {
  /** `sha256:` and the digest of `der`; what names the key as a signer. */
  digest: string;
  /** SubjectPublicKeyInfo. */
  der: Buffer;
  key: KeyObject;
};

const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];
const SHORTEST_RSA = 2048;

/**
 * Reads public keys in PEM form, sorted by digest and each only once, so that
 * neither order nor way of writing makes another profile.
 *
 * @throws Error that names the place of the key in the list and the remedy
 */
export function readTrustedKeys(pems: readonly string[]): TrustedKey[] {
  const keys = new Map<string, TrustedKey>();
  for (const [index, pem] of pems.entries()) {
    const key = readKey(pem, index + 1);
    keys.set(key.digest, key);
  }
  return [...keys.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
}

/** A key by its SubjectPublicKeyInfo. */
export function toTrustedKey(key: KeyObject): TrustedKey {
  const der = key.export({ format: 'der', type: 'spki' });
  const digest = createHash('sha256').update(der).digest('hex');
  return { digest: `sha256:${digest}`, der, key };
}

function readKey(pem: string, place: number): TrustedKey {
  // Node would take the public half of a private key; nobody should be able to
  // hand one over without noticing.
  if (!/^\s*-----BEGIN (RSA )?PUBLIC KEY-----/.test(pem)) {
    throw new Error(`key ${place} is not a public key in PEM form`);
  }
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new Error(`key ${place} cannot be read`);
  }
  const problem = problemOf(key);
  if (problem) throw new Error(`key ${place} is ${problem}`);
  return toTrustedKey(key);
}

function problemOf(key: KeyObject): string | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key;
  switch (type) {
    case 'ed25519':
      return undefined;
    case 'ec':
      return CURVES.includes(details.namedCurve ?? '')
        ? undefined
        : `on the curve ${details.namedCurve}, not on P-256, P-384 or P-521`;
    case 'rsa':
      return (details.modulusLength ?? 0) >= SHORTEST_RSA
        ? undefined
        : `an RSA key of ${details.modulusLength} bits, less than ${SHORTEST_RSA}`;
    default:
      return `of the type ${type}, not EC, RSA or Ed25519`;
  }
}
