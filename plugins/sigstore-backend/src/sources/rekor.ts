import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  EvidenceSource,
  OutboundClient,
  rekorSource,
} from '@cloudythings/sigstore-engine';

const KEY = 'sigstore.sources.rekor';

/**
 * Makes a source of every Rekor log that is configured to be searched.
 *
 * @param config - the root configuration
 * @param outbound - tells which hosts are allowed
 * @throws InputError that names the key and the remedy
 */
export function rekorSources(
  config: Config,
  outbound: Pick<OutboundClient, 'allows'>,
): EvidenceSource[] {
  const logs = config.getOptionalConfigArray(KEY) ?? [];
  const hosts = new Set<string>();
  return logs.map((log, index) => {
    const key = `${KEY}[${index}].url`;
    const written = log.getString('url');
    const url = URL.parse(written);
    if (url?.protocol !== 'https:' || url.username || url.search || url.hash) {
      throw new InputError(
        `${key}: "${written}" is not the base URL of a log; write it as https://rekor.example.com`,
      );
    }
    if (hosts.has(url.host)) {
      throw new InputError(
        `${key}: ${url.host} is there already; name it once`,
      );
    }
    hosts.add(url.host);
    if (!outbound.allows(url.href)) {
      throw new InputError(
        `${key}: ${url.host} is not an allowed host; add it to sigstore.hosts`,
      );
    }
    return rekorSource({ url: url.href });
  });
}
