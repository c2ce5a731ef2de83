import {
  Lookup,
  LookupOutcome,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { OciRepository } from '../resolve/OciRepository';
import { askTag } from './cosignTags';
import { CollectResult, EvidenceSource } from './evidence';
import { Gathering } from './Gathering';
import { askReferrers } from './ociReferrers';
import { aboutDigest } from './relatedTargets';
import { ociSourceName } from './sourceNames';

/** Most platforms of an index that are looked at. */
export const MAX_PLATFORMS = 16;

// What is not read of a platform is as little about the index as what is.
const ANSWERS: LookupOutcome[] = ['found', 'none', 'unsupported'];
const QUESTIONS = [askReferrers, askTag('sig'), askTag('att')];

/**
 * Evidence about the platform images that an index lists. It says nothing about
 * the index, so it is asked for only where the index itself has none: somebody
 * signed the platforms and forgot the index, and is told so. For the same reason
 * it leaves a lookup only where everything was answered.
 */
export const ociPlatforms: EvidenceSource = {
  name: 'oci-platforms',
  afterOthers: true,
  covers: reference => reference.type === 'oci',
  async collect(target, ports) {
    const { reference, artifact, collected } = target;
    const platforms = artifact.children
      .filter(child => !child.isAttestation)
      .slice(0, MAX_PLATFORMS);
    const result: CollectResult = { lookups: [], evidence: [], findings: [] };
    const hasOwn = collected?.some(
      piece => piece.artifactDigest === artifact.digest,
    );
    if (reference.type !== 'oci' || platforms.length === 0 || hasOwn) {
      return result;
    }
    const source = ociSourceName(reference.host, 'platforms');
    const repository = new OciRepository(reference, ports);
    const share = 1 / platforms.length;
    const lookups: Lookup[] = [];
    // One after the other: nobody waits for them.
    for (const { digest } of platforms) {
      const one = aboutDigest(target, digest);
      const gathering = new Gathering(source, one, ports.now(), share);
      for (const ask of QUESTIONS) {
        await ask(repository, gathering, one).catch(error =>
          gathering.fail(error),
        );
      }
      const gathered = gathering.result();
      result.evidence.push(...gathered.evidence);
      lookups.push(...gathered.lookups);
    }
    const answered = lookups.every(({ outcome }) => ANSWERS.includes(outcome));
    if (!answered) return result;
    const found = lookups.find(({ outcome }) => outcome === 'found');
    const { askedAt } = lookups[0];
    const none: Lookup = { source, askedAt, outcome: 'none' };
    return { ...result, lookups: [found ?? none] };
  },
};
