import { InputError } from '@backstage/errors';
import { OutboundClient } from '@cloudythings/sigstore-engine';
import { TrustedRootConfig } from './trustedRootConfig';

/**
 * Makes sure that the TUF repositories of the configuration may be asked.
 *
 * @throws InputError that names the key and the remedy
 */
export function assertMirrorsAllowed(
  configs: TrustedRootConfig[],
  outbound: Pick<OutboundClient, 'allows'>,
): void {
  configs.forEach(({ tuf }, index) => {
    if (!tuf || outbound.allows(tuf.mirror)) return;
    const { host } = new URL(tuf.mirror);
    throw new InputError(
      `sigstore.trustedRoots[${index}].tuf.mirror: ${host} is not an allowed host; add it to sigstore.hosts`,
    );
  });
}
