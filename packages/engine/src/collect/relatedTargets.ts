import { CollectTarget } from './evidence';

/** Whether a question is about the artifact or about an index that lists it. */
export type About = 'artifact' | 'index';

/**
 * What a source is asked about: the artifact, and the indexes that list it,
 * since what is signed of them is signed of it.
 */
export function relatedTargets(
  target: CollectTarget,
): { about: About; target: CollectTarget }[] {
  const { parents = [] } = target.artifact;
  return [
    { about: 'artifact', target },
    ...parents.map(digest => ({
      about: 'index' as const,
      target: aboutDigest(target, digest),
    })),
  ];
}

/** The same question about another artifact. */
export function aboutDigest(
  target: CollectTarget,
  digest: string,
): CollectTarget {
  const artifact = { digest, mediaType: '', size: 0, children: [] };
  return { ...target, artifact };
}
