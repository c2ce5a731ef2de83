import { Config } from '@backstage/config';
import {
  EvidenceSource,
  GithubInstance,
  OutboundClient,
  bundleStore,
  githubSource,
} from '@cloudythings/sigstore-engine';
import { registrySources } from './oci';
import { rekorSources } from './rekor';

/** What the sources of evidence are made from. */
export type SourceSurroundings = {
  /** The root configuration; what is a source's own lies in `sigstore.sources`. */
  config: Config;
  outbound: OutboundClient;
  githubs: GithubInstance[];
};

/**
 * All sources of evidence that this backend asks: those that need no
 * configuration, and those that are configured.
 *
 * @throws InputError that names the key and the remedy
 */
export function evidenceSources({
  config,
  outbound,
  githubs,
}: SourceSurroundings): EvidenceSource[] {
  return [
    ...registrySources(config, outbound),
    bundleStore,
    ...githubs.map(githubSource),
    ...rekorSources(config, outbound),
  ];
}
