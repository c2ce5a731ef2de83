import { createHash } from 'node:crypto';
import { AllowedHost } from './HostTable';

// Of AWS Signature Version 4, only the key is the same in every request.
const SIGNER = /^AWS4-\S+ .*\bCredential=([^/,\s]+)\//;

/** Who asks without credentials. */
export const NOBODY = '';

/**
 * Tells who asks a host apart, without keeping secrets: what is allowed to one is
 * not used up by another. Tokens that a registry gives for a while belong to the
 * credentials they were given for, and what is signed to the key.
 *
 * @param authorization - header that the caller gives instead of credentials
 */
export function identityOf(
  { credentials }: Pick<AllowedHost, 'credentials'>,
  authorization?: string,
): string {
  const secret = authorization ?? (credentials && JSON.stringify(credentials));
  if (secret === undefined) return NOBODY;
  const name = SIGNER.exec(secret)?.[1] ?? secret;
  return createHash('sha256').update(name).digest('hex');
}
