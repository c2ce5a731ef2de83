import { createHash } from 'node:crypto';
import { AllowedHost } from './HostTable';

/** Who asks without credentials. */
export const NOBODY = '';

/**
 * Tells who asks a host apart, without keeping secrets: what is allowed to one is
 * not used up by another. Tokens that a registry gives for a while belong to the
 * credentials they were given for.
 *
 * @param authorization - header that the caller gives instead of credentials
 */
export function identityOf(
  { credentials }: Pick<AllowedHost, 'credentials'>,
  authorization?: string,
): string {
  const secret = authorization ?? (credentials && JSON.stringify(credentials));
  if (secret === undefined) return NOBODY;
  return createHash('sha256').update(secret).digest('hex');
}
