import {
  Distrust,
  TrustDocument,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { createPublicKey } from 'crypto';

const ONE_PEM =
  /^\s*-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;

/**
 * Says why a text is no public key that evidence could be signed with. The text
 * itself is never repeated: it may be a private key.
 */
export function keyProblem(pem: string): string | undefined {
  if (pem.includes('PRIVATE')) {
    return 'this is a private key. Write the public one, and replace the private key.';
  }
  if (!ONE_PEM.test(pem)) {
    return 'this is not one public key in PEM form. Write what cosign public-key prints, from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----, below data: |';
  }
  try {
    createPublicKey(pem);
    return undefined;
  } catch {
    return 'this is framed as a public key, but what is inside cannot be read as one. Copy it again in full.';
  }
}

/** A key in a form that does not depend on how its PEM is wrapped. */
export function canonicalKey(pem: string): string {
  return createPublicKey(pem)
    .export({ type: 'spki', format: 'der' })
    .toString('base64');
}

/**
 * Keys that policies name beside a trusted root, those that are distrusted
 * included: their evidence is verified too, so that it can be said whose it is.
 *
 * @param documents - policies and what withdraws trust
 * @param trustedRoot - its name
 * @returns public keys in PEM form, each once
 * @public
 */
export function keysOf(
  documents: readonly TrustDocument[],
  trustedRoot: string,
): string[] {
  const keys = documents.flatMap(document =>
    document.kind === 'TrustPolicy'
      ? keysOfPolicy(document, trustedRoot)
      : keysOfDistrust(document, trustedRoot),
  );
  const distinct = new Map(keys.map(pem => [canonicalKey(pem), pem]));
  return [...distinct.values()];
}

function keysOfPolicy({ spec }: TrustPolicy, trustedRoot: string): string[] {
  return spec.authorities.flatMap(({ key }) =>
    key?.trustedRoot === trustedRoot ? [key.data] : [],
  );
}

function keysOfDistrust({ spec }: Distrust, trustedRoot: string): string[] {
  return spec.distrusted.flatMap(one =>
    one.key && one.trustedRoot === trustedRoot ? [one.key.data] : [],
  );
}
