import { ModuleEvidenceSource } from '@cloudythings/backstage-plugin-sigstore-node';
import { EvidenceSource, documentSource } from '@cloudythings/sigstore-engine';

/**
 * Makes a source of evidence out of what a module added, with the limits of
 * every source.
 *
 * @throws Error when its title is that of a built-in source
 */
export function moduleSource(source: ModuleEvidenceSource): EvidenceSource {
  return documentSource({
    name: source.title,
    covers: reference => source.covers(reference),
    find: question => source.find(question),
  });
}
